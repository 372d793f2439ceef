package dev.ipcchannel.worker;

import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.Caller;
import org.jspecify.annotations.Nullable;

/// An observer of a spare that does nothing, so that its first job is not the one that loads and
/// links. Whatever is wrong with the spare is noticed elsewhere.
///
/// @param caller of the spare
/// @param <R> the type of the answers
record Rehearsal<R>(Caller<?, Outcome<R>> caller) implements CallObserver<Outcome<R>> {

    @Override
    public void onPart(Outcome<R> part) {
        caller.drop(part); // that it has begun, if it is honest
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        if (last != null) {
            caller.drop(last);
        }
    }

    @Override
    public void onFailure(RuntimeException failure) {
        // its end
    }
}
