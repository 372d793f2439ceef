package dev.ipcchannel.call;

import dev.ipcchannel.testing.Children;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The record of what an observer was notified of.
final class RecordingObserver implements CallObserver<String> {

    private final List<String> parts = new CopyOnWriteArrayList<>();
    private final CompletableFuture<List<String>> end = new CompletableFuture<>(); // all that came

    /// Completes with the parts and the answer, or with what went wrong.
    CompletableFuture<List<String>> end() {
        return end;
    }

    List<String> parts() {
        return parts;
    }

    /// All that came, at the latest now.
    List<String> all() {
        return end.orTimeout(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void onPart(String part) {
        parts.add(part);
    }

    @Override
    public void onEnd(@Nullable String last) {
        if (last != null) {
            parts.add(last);
        }
        if (!end.complete(parts)) {
            throw new AssertionError("a second end");
        }
    }

    @Override
    public void onFailure(RuntimeException failure) {
        if (!end.completeExceptionally(failure)) {
            throw new AssertionError("a second end", failure);
        }
    }
}
