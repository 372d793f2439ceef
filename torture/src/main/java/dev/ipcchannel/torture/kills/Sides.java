package dev.ipcchannel.torture.kills;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// The threads of one process, one for each part.
record Sides(List<Part> parts, List<Thread> threads, Queue<String> faults) {

    /// Starts the threads.
    ///
    /// @param builder returns the builder of a thread for a name
    static Sides start(List<Part> parts, List<Runnable> sides,
            Function<String, Thread.Builder> builder) {
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String name = parts.get(i).threadName();
            Runnable side = sides.get(i);
            threads.add(builder.apply(name).start(() -> {
                try {
                    side.run();
                } catch (RuntimeException | Error failure) {
                    faults.add(name + ": " + failure);
                }
            }));
        }
        return new Sides(parts, threads, faults);
    }

    /// Waits until all threads have ended, with a timeout for a thread that hangs.
    ///
    /// @param found gets the faults, a sentence each
    void join(List<String> found) throws InterruptedException {
        for (Thread thread : threads) {
            if (!thread.join(Kills.PATIENCE)) {
                found.add("%s has not noticed the death within %d s: %s".formatted(
                        thread.getName(), Kills.PATIENCE.toSeconds(),
                        List.of(thread.getStackTrace())));
                thread.interrupt();
                thread.join(Duration.ofSeconds(1));
            }
        }
        found.addAll(faults);
    }
}
