package dev.ipcchannel.torture.carrier;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Threads that each repeat one act, with a check, once a second, that each makes progress.
final class Actors {

    private static final int SECONDS_OF_PATIENCE = 15;
    private static final Duration LAST_ROUND = Duration.ofSeconds(3);

    // A carrier that always has a thread to run does not run threads that are new or whose timeout
    // is over: so it has to become idle from time to time.
    private static final int MOST_PAUSE_NANOS = 2_000_000;

    /// An act that is repeated.
    interface Act {

        /// Does the act once.
        ///
        /// @param round counts from 0
        /// @throws Exception of any kind: it is a fault
        void run(long round) throws Exception;
    }

    private final Findings findings;
    private final SplittableRandom random;
    private final List<Actor> actors = new ArrayList<>();
    private volatile boolean isOver;

    Actors(Findings findings, long seed) {
        this.findings = findings;
        this.random = new SplittableRandom(seed);
    }

    /// Starts a virtual thread.
    void virtual(String name, Act act) {
        start(name, Thread.ofVirtual(), act);
    }

    /// Starts a platform thread.
    void platform(String name, Act act) {
        start(name, Thread.ofPlatform().daemon(), act);
    }

    private void start(String name, Thread.Builder builder, Act act) {
        Actor actor = new Actor(name, builder, act, random.split());
        actors.add(actor);
        actor.thread.start();
    }

    /// Waits until the time is over, or a thread is stuck or has failed, and counts what all have
    /// done. After that no thread begins another round; threads that wait for a message of another
    /// thread remain.
    void await(Duration time) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos() && findings.faultCount() == 0) {
            TimeUnit.SECONDS.sleep(1);
            actors.stream().filter(Actor::isStuck).forEach(actor -> findings.fault(
                    "for " + SECONDS_OF_PATIENCE + " s a thread does not go on: " + actor.name));
        }
        for (Actor actor : actors) {
            long rounds = actor.rounds.get();
            findings.count(Carrier.ROUNDS, actor.thread.isVirtual() ? rounds : 0);
            findings.count("    " + actor.name, rounds);
            if (rounds == 0) {
                findings.fault("a thread has done nothing: " + actor.name);
            }
        }
        if (findings.faultCount() > 0) {
            printThreads();
            return;
        }
        isOver = true;
        long end = System.nanoTime();
        for (Actor actor : actors) {
            actor.thread.join(LAST_ROUND.minusNanos(System.nanoTime() - end));
        }
    }

    /// Prints the stacks of all threads, including the virtual ones.
    private static void printThreads() {
        try {
            Path directory = Files.createTempDirectory("carrier-");
            Path dump = directory.resolve("threads.txt");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
            System.out.println(Files.readString(dump));
            Files.delete(dump);
            Files.delete(directory);
        } catch (IOException failure) {
            System.out.println("no dump of the threads: " + failure);
        }
    }

    private final class Actor {

        private final String name;
        private final Thread thread;
        private final SplittableRandom pauses;
        private final AtomicLong rounds = new AtomicLong();
        private long roundsSeen; // used by the thread that looks
        private int secondsWithout;

        private Actor(String name, Thread.Builder builder, Act act, SplittableRandom pauses) {
            this.name = name;
            this.thread = builder.name(name).unstarted(() -> play(act));
            this.pauses = pauses;
        }

        private void play(Act act) {
            try {
                while (!isOver) {
                    act.run(rounds.get());
                    rounds.incrementAndGet();
                    if (thread.isVirtual()) {
                        LockSupport.parkNanos(pauses.nextInt(MOST_PAUSE_NANOS));
                    }
                }
            } catch (Throwable failure) { // any failure is a fault
                findings.fault("a thread failed: " + name, failure);
            }
        }

        private boolean isStuck() {
            long now = rounds.get();
            secondsWithout = now > roundsSeen ? 0 : secondsWithout + 1;
            roundsSeen = now;
            return secondsWithout == SECONDS_OF_PATIENCE;
        }
    }
}
