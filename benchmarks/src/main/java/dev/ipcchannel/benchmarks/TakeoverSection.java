package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.JobMessage;
import dev.ipcchannel.benchmarks.worker.JobMessage.Pid;
import dev.ipcchannel.benchmarks.worker.JobWorker;
import dev.ipcchannel.worker.WorkerListener;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSnapshot;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/// The time until a spare answers when the worker whose place it takes is killed.
final class TakeoverSection {

    private static final int LEAST_KILLS = 15;
    private static final double AIM_MILLIS = 5;

    private final Semaphore ready = new Semaphore(0); // workers that have started

    private TakeoverSection() {}

    static void run(Report report, int rounds) throws InterruptedException {
        int kills = Math.max(LEAST_KILLS, rounds);
        report.section("A spare takes over",
                "SIGKILL of the only active worker, whose end this JVM notices; until the spare "
                        + "has answered. %d each.".formatted(kills));
        report.columns("p50 ms", "max ms", "");
        new TakeoverSection().measure(report, kills);
    }

    private void measure(Report report, int kills) throws InterruptedException {
        double[] given = new double[kills];
        double[] inHand = new double[kills];
        try (WorkerSet<JobMessage, Integer> set =
                WorkerSet.builder(JobMessage.class, Integer.class).worker(JobWorker.class)
                        .workerCount(1).spares(1).warmUp(new Pid())
                        .restartLimit(3 * kills, Duration.ofHours(1))
                        .listener(new Starts()).start()) {
            ready.acquire();
            for (int kill = 0; kill < kills; kill++) {
                given[kill] = millis(set, false);
                inHand[kill] = millis(set, true);
            }
        }
        Spread spread = Spread.of(given);
        row(report, "a job given when it is noticed", spread,
                "<= 5 ms: " + report.judge("a spare's answer after a worker's end, p50 ms: <= 5",
                        "%.1f".formatted(spread.median()), spread.median() <= AIM_MILLIS));
        row(report, "a job given at the kill, tried again", Spread.of(inHand), "");
    }

    /// Kills the active worker and waits for the spare's answer.
    ///
    /// @param isInHand whether the job is given before the end is noticed, to the one that dies
    /// @return the milliseconds from the end to the answer
    private double millis(WorkerSet<JobMessage, Integer> set, boolean isInHand)
            throws InterruptedException {
        ready.acquire(); // the spare
        WorkerSnapshot active =
                set.workers().stream().filter(worker -> worker.state() == State.ACTIVE)
                        .findFirst().orElseThrow();
        if (set.call(new Pid()) != active.pid()) {
            throw new BenchFailure("a spare was given a job");
        }
        ProcessHandle process = ProcessHandle.of(active.pid()).orElseThrow();
        CompletableFuture<Long> end = process.onExit().thenApply(_ -> System.nanoTime());
        boolean _ = process.destroyForcibly();
        if (!isInHand) {
            long _ = end.join();
        }
        int pid;
        do { // the one that is killed may be quick
            pid = set.job(new Pid()).idempotent().call();
        } while (pid == active.pid());
        long answered = System.nanoTime();
        return (answered - end.join()) / 1e6;
    }

    private static void row(Report report, String name, Spread spread, String aim) {
        report.row(name, "%.1f".formatted(spread.median()), "%.1f".formatted(spread.max()), "",
                aim);
    }

    /// Counts the workers that are ready.
    private final class Starts implements WorkerListener {

        @Override
        public void onStarted(WorkerSnapshot worker) {
            ready.release();
        }
    }
}
