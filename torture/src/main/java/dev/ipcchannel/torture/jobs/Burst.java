package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.worker.WorkerSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A group of mostly short jobs that are given to a set at once, with the end of each. Some workers
/// are killed during a burst.
///
/// @param orders the jobs
/// @param ends the ends of the jobs, in the same order
record Burst(List<Order> orders, List<CompletableFuture<Long>> ends, Ledger ledger) {

    static final String BEGUN = "jobs failed with their worker, which had begun them";
    static final String AT_MARK =
            "jobs failed with their worker, which was about to begin them";

    private static final int LONG_ONE_IN = 50;
    private static final int LONGEST_MICROS = 10_000;
    private static final int SHORT_MICROS = 100;

    /// Gives `count` jobs to a set.
    ///
    /// @param first the number of the first job
    static Burst send(WorkerSet<Order, Long> set, int first, int count, Ledger ledger,
            SplittableRandom random) throws InterruptedException {
        Burst burst = new Burst(new ArrayList<>(), new ArrayList<>(), ledger);
        for (int i = 0; i < count; i++) {
            int micros = random
                    .nextInt(random.nextInt(LONG_ONE_IN) == 0 ? LONGEST_MICROS : SHORT_MICROS);
            Order order = new Order(first + i, micros, 0);
            burst.orders.add(order);
            burst.ends.add(set.send(order));
        }
        return burst;
    }

    /// Whether a job was begun, or has ended without that.
    boolean isBegun(int job) {
        return ledger.begun(orders.get(job).number()) > 0 || ends.get(job).isDone();
    }

    /// The number of jobs that have neither ended nor been begun.
    int waiting() {
        int waiting = 0;
        for (int i = 0; i < ends.size(); i++) {
            if (!ends.get(i).isDone() && ledger.begun(orders.get(i).number()) == 0) {
                waiting++;
            }
        }
        return waiting;
    }

    /// Waits for all ends, and compares each reported end with the ledger.
    ///
    /// @param killed how many workers were killed meanwhile: each was about to begin one job at
    /// most
    void check(int killed, Duration patience, Findings findings) throws InterruptedException {
        int atMark = 0;
        for (int i = 0; i < ends.size(); i++) {
            Order order = orders.get(i);
            Throwable failure = failure(ends.get(i), patience);
            long begun = ledger.begun(order.number());
            boolean isReportedBegun = failure == null
                    || (failure instanceof WorkerDied death && death.hasStarted());
            if (failure != null && !(failure instanceof WorkerDied)) {
                findings.fault("%s failed with something else: %s".formatted(order, failure));
            } else if (isReportedBegun && failure != null && begun == 0) {
                atMark++;
                findings.count(AT_MARK);
            } else if (begun != (isReportedBegun ? 1 : 0)) {
                findings.fault("%s was begun %d times, and its end was: %s".formatted(order, begun,
                        failure == null ? "an answer" : failure));
            } else if (failure != null) {
                findings.count(isReportedBegun ? BEGUN : Entry.DIED_UNSTARTED);
            } else {
                findings.count(Entry.ANSWERED);
            }
        }
        if (atMark > killed) {
            findings.fault("%d jobs were said to be begun and were not, by the kills of %d workers"
                    .formatted(atMark, killed));
        }
    }

    /// @return null if there was an answer
    private static @Nullable Throwable failure(CompletableFuture<Long> end, Duration patience)
            throws InterruptedException {
        try {
            Long _ = end.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException failure) {
            return failure.getCause();
        } catch (TimeoutException failure) {
            return failure;
        }
    }
}
