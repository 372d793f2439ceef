package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A child that prints that it is there, and is busy in one way until it is asked to end, or is
/// ended. Its hook for the death of its parent writes a file.
public final class OrphanChild {

    /// The task of the child.
    public enum Task {

        /// Waits for nothing.
        SLEEP,

        /// Waits for a message. At the end of the conversation it prints that and waits for its
        /// cue.
        RECEIVE,

        /// Waits for nothing, and its hook does not end either.
        SLEEP_AND_HANG,

        /// Counts for ever.
        COUNT,

        /// Counts for ever in loops where HotSpot cannot stop the thread, by [#unstoppable].
        COUNT_UNSTOPPABLY
    }

    /// Printed at the end of the conversation.
    public static final String DISCONNECTED = "disconnected";

    private OrphanChild() {}

    /// Flags without which HotSpot, on most machines, can stop a thread in every loop.
    public static String[] unstoppable() {
        return new String[]{"-XX:+UseSerialGC", "-XX:LoopStripMiningIter=0",
            "-XX:-UseCountedLoopSafepoints"};
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Task task = Task.valueOf(arguments[0]);
        Path file = Path.of(arguments[1]);
        ChildJvm.onParentDeath(() -> write(file));
        if (task == Task.SLEEP_AND_HANG) {
            ChildJvm.onParentDeath(OrphanChild::sleep);
        }
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            if (task == Task.COUNT_UNSTOPPABLY) {
                countTo(1_000, 100_000); // compiles the loops
            }
            parent.send("ready");
            work(task, parent);
        }
    }

    private static void work(Task task, Link<String, String> parent)
            throws IOException, InterruptedException {
        switch (task) {
            case COUNT -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case COUNT_UNSTOPPABLY -> System.out.println(
                    countTo(Integer.MAX_VALUE, Integer.MAX_VALUE));
            case SLEEP, SLEEP_AND_HANG -> sleep();
            case RECEIVE -> receive(parent);
        }
    }

    private static void receive(Link<String, String> parent)
            throws IOException, InterruptedException {
        try {
            parent.receive();
        } catch (Disconnected end) {
            System.out.println(DISCONNECTED);
            Talker.awaitCue();
        }
    }

    private static long countTo(int rounds, int steps) {
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            for (int step = 0; step < steps; step++) {
                sum = sum * 31 + (step ^ sum >>> 3);
            }
        }
        return sum;
    }

    private static void sleep() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "orphaned");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
