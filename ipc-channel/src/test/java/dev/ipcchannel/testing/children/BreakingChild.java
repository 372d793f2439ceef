package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.JobReply;
import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// A worker with jobs that throw an error, have another thread throw one, crash the JVM, or return
/// the pid.
public final class BreakingChild {

    /// The argument that has a thread end by an error before the first job.
    public static final String FROM_THE_START = "from the start";

    /// The task, with a file's path after it, that has a thread end by an error once the task is
    /// answered; then the file is there.
    public static final String LATER = "memory of a thread later, then ";

    private BreakingChild() {}

    /// Works until the set is closed.
    ///
    /// @param arguments [#FROM_THE_START], another word if it is to receive its jobs by itself, or
    /// none
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0) {
            Worker.serve(String.class, Long.class, BreakingChild::handle);
            return;
        }
        try (Worker<String, Long> worker = Worker.connect(String.class, Long.class)) {
            if (arguments[0].equals(FROM_THE_START)) {
                boolean _ = Thread.ofPlatform().start(() -> {
                    throw new OutOfMemoryError("of a thread");
                }).join(Duration.ofMinutes(1));
                worker.serve((task, _) -> handle(task));
                return;
            }
            Job<String, Long> job = worker.receive();
            while (job != null) {
                switch (job) {
                    case Job.Bidirectional<String, Long>(String task, JobReply<Long> reply) ->
                            reply.send(handle(task));
                    case Job.Unidirectional<String, Long>(String task) -> {
                        long _ = handle(task);
                    }
                }
                job = worker.receive();
            }
        }
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
            case String later when later.startsWith(LATER) ->
                    breakLater(Path.of(later.substring(LATER.length())));
            case "memory of a thread, and no end" -> {
                Thread.ofPlatform().start(() -> {
                    throw new OutOfMemoryError("of a thread");
                }).join();
                new CountDownLatch(1).await();
            }
            case "crash" -> {
                Process _ = new ProcessBuilder("kill", "-SEGV",
                        Long.toString(ProcessHandle.current().pid())).start();
                new CountDownLatch(1).await(); // the error may reach any thread
            }
            default -> { /* its pid is all that is wanted */ }
        }
        return ProcessHandle.current().pid();
    }

    /// Has a thread end by an error once this one has answered its job; then makes a file.
    private static void breakLater(Path file) {
        Thread serving = Thread.currentThread();
        Thread breaking = Thread.ofPlatform().start(() -> {
            while (!isReceiving(serving)) {
                Thread.onSpinWait();
            }
            throw new OutOfMemoryError("of a thread");
        });
        Thread.ofPlatform().start(() -> {
            try {
                breaking.join(); // its uncaught exception handler has run by then
                Files.createFile(file);
            } catch (InterruptedException | IOException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    /// Whether a thread has answered its job, and takes the next one.
    private static boolean isReceiving(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("receive"));
    }
}
