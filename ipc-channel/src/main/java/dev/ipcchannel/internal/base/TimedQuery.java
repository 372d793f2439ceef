package dev.ipcchannel.internal.base;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A question about processes that the kernel may take any time to answer, asked on a thread of its
/// own.
///
/// A read of `stat` or `environ` in /proc waits for an exec of that process, which closes its files
/// first; and the close of a file of FUSE takes as long as its server likes. The JDK reads `stat`
/// of every process to find the children of one, and reads a process's start time before it signals
/// it.
public final class TimedQuery {

    private TimedQuery() {}

    /// Asks, and waits for the answer for at most `patience`. An interrupt is kept for later. The
    /// asking thread then goes on.
    ///
    /// @param otherwise the answer if none came in time, or if there is no thread for the question
    public static <T> T ask(Supplier<T> question, Duration patience, T otherwise) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            Thread.ofPlatform().daemon().name("ipc-channel processes").start(() -> {
                try {
                    answer.complete(question.get());
                } catch (Throwable failure) { // of any class: the asking thread gets it
                    answer.completeExceptionally(failure);
                }
            });
        } catch (OutOfMemoryError _) { // the JDK's failure if there is no thread
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
