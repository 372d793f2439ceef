package dev.ipcchannel.worker;

import dev.ipcchannel.call.CallObserver;
import org.jspecify.annotations.Nullable;

/// Hears a spare do nothing, so that its first job is not the one that loads and links. Whatever is
/// wrong with the spare is noticed elsewhere.
///
/// @param <R> the type of the answers
final class Rehearsal<R> implements CallObserver<Outcome<R>> {

    @Override
    public void onPart(Outcome<R> part) {
        // that it has begun
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        // that was all
    }

    @Override
    public void onFailure(RuntimeException failure) {
        // its end
    }
}
