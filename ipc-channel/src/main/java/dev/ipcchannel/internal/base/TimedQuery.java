package dev.ipcchannel.internal.base;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A question about processes that the kernel may take as long as it likes to answer, asked on a
/// thread of its own.
///
/// What /proc says in `stat` and `environ` waits for an exec of that process, which closes its
/// files first; and the close of a file of FUSE takes as long as its server likes. The JDK reads
/// `stat` of every process to find out who has started whom, and when one was started before it
/// signals.
public final class TimedQuery {

    private TimedQuery() {}

    /// Asks, and waits for the answer no longer than `patience`. An interrupt is kept for later.
    /// The thread goes on with what it has to do.
    ///
    /// @param otherwise the answer if none came in time, or no thread can be had
    public static <T> T ask(Supplier<T> question, Duration patience, T otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            Thread.ofPlatform().daemon().name("ipc-channel processes").start(() -> {
                try {
                    answer.complete(question.get());
                } catch (Throwable failure) { // whatever it is, it is the asking thread's
                    answer.completeExceptionally(failure);
                }
            });
        } catch (OutOfMemoryError _) { // as the JDK says where no thread can be had
            return otherwise;
        }
        return await(answer, Deadline.after(patience), otherwise);
    }

    private static <T> T await(CompletableFuture<T> answer, Deadline deadline, T otherwise) {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    isInterrupted = true;
                } catch (TimeoutException _) {
                    return otherwise;
                } catch (ExecutionException failure) {
                    throw new IllegalStateException("a question about processes failed",
                            failure.getCause());
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
