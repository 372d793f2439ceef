package dev.ipcchannel.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Deed;
import dev.ipcchannel.testing.children.Deeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Jobs that a thread gives to a set without a pause, short ones for the most part, and what has
/// become of each in the end.
final class DeedLoad {

    private static final int LONG_ONE_IN = 20;
    private static final int LONGEST_MICROS = 5_000;
    private static final int SHORT_MICROS = 200;
    private static final int AT_ONCE = 1000; // more than are open

    private final WorkerSet<Deed, Integer> set;
    private final Deeds deeds;
    private final SplittableRandom random;
    private final CompletableFuture<?>[] jobs = new CompletableFuture<?>[Deeds.MOST];
    private volatile int given; // after the job is in the array
    private volatile boolean isOver;

    /// Counts of what was said of jobs whose worker was killed.
    ///
    /// @param begun that they were begun, which they were
    /// @param atMark that they were begun, and they were not; of each worker, one at most
    record Said(int begun, int atMark) {}

    DeedLoad(WorkerSet<Deed, Integer> set, Deeds deeds, SplittableRandom random) {
        this.set = set;
        this.deeds = deeds;
        this.random = random;
    }

    /// Starts a thread that gives jobs until [#end].
    Waits<Void> start() {
        return Waits.run(() -> {
            while (!isOver && given < Deeds.MOST) {
                int number = given;
                int micros = random.nextInt(
                        random.nextInt(LONG_ONE_IN) == 0 ? LONGEST_MICROS : SHORT_MICROS);
                jobs[number] = set.send(new Deed(number, micros));
                given = number + 1;
            }
        });
    }

    void end() {
        isOver = true;
    }

    /// How many jobs the set has got.
    int given() {
        return given;
    }

    /// Whether all of the first jobs have ended.
    boolean areDone(int first) {
        return IntStream.range(0, first).allMatch(number -> jobs[number].isDone());
    }

    /// Waits, without a pause, until a worker is at work on a job.
    void awaitWork() {
        long end = System.nanoTime() + Children.PATIENCE.toNanos();
        while (IntStream.range(Math.max(0, given - AT_ONCE), given)
                .noneMatch(number -> deeds.begun(number) > 0 && !jobs[number].isDone())) {
            assertThat(System.nanoTime()).as("no worker comes to a job").isLessThan(end);
        }
    }

    /// How many of the first jobs have neither ended nor been begun.
    long waiting(int first) {
        return IntStream.range(0, first)
                .filter(number -> !jobs[number].isDone() && deeds.begun(number) == 0).count();
    }

    /// Checks each job: one that was answered was begun once, and of one whose worker was killed
    /// the account is true, but for the one that the worker was about to begin.
    Said check() throws Exception {
        int begun = 0;
        Map<Long, Integer> atMark = new HashMap<>(); // by the worker's pid
        for (int number = 0; number < given; number++) {
            WorkerDied death = death(number);
            int times = deeds.begun(number);
            if (death == null || (death.hasStarted() && times > 0)) {
                assertThat(times).as("job %d, %s", number, death).isEqualTo(1);
                begun += death == null ? 0 : 1;
            } else {
                assertThat(times).as("job %d, %s", number, death).isZero();
                if (death.hasStarted()) {
                    ChildReport report = requireNonNull(death.report());
                    atMark.merge(report.pid(), 1, Integer::sum);
                }
            }
        }
        assertThat(atMark.values()).as("jobs said to be begun that were not, by worker")
                .allMatch(jobs -> jobs == 1);
        return new Said(begun, atMark.size());
    }

    /// @return null if it was answered
    private @Nullable WorkerDied death(int number) throws Exception {
        try {
            assertThat(jobs[number].get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(number);
            return null;
        } catch (ExecutionException failure) {
            assertThat(failure).as("job %d", number).hasCauseInstanceOf(WorkerDied.class);
            return (WorkerDied) failure.getCause();
        }
    }
}
