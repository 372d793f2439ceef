package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// A worker that does what it is told: it throws an error, has a thread of its own throw one,
/// crashes its JVM, or says its pid.
public final class BreakingChild {

    private BreakingChild() {}

    /// Works until the set is closed.
    public static void main(String[] arguments) throws InterruptedException {
        Worker.serve(String.class, Long.class, BreakingChild::handle);
    }

    private static long handle(String task) throws IOException, InterruptedException {
        switch (task) {
            case "memory" -> throw new OutOfMemoryError("made up");
            case "internal" -> throw new InternalError("made up");
            case "stack" -> throw new StackOverflowError("made up");
            case "assertion" -> throw new AssertionError("made up");
            case "memory of a thread" -> {
                Thread thread = Thread.ofPlatform().start(() -> {
                    throw new OutOfMemoryError("of a thread");
                });
                thread.join();
            }
            case "memory of a thread later" -> {
                Thread serving = Thread.currentThread();
                Thread _ = Thread.ofPlatform().start(() -> {
                    while (isIn(serving)) {
                        Thread.onSpinWait();
                    }
                    throw new OutOfMemoryError("of a thread");
                });
            }
            case "crash" -> {
                Process _ = new ProcessBuilder("kill", "-SEGV",
                        Long.toString(ProcessHandle.current().pid())).start();
                new CountDownLatch(1).await(); // it comes to any thread
            }
            default -> { /* its pid is all that is wanted */ }
        }
        return ProcessHandle.current().pid();
    }

    /// Whether a thread does a job here.
    private static boolean isIn(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("handle")
                        && frame.getClassName().equals(BreakingChild.class.getName()));
    }
}
