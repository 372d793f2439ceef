package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.ChildReport.Cause.Kind;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.LargeChild;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Real workers with a limit of memory that they exceed. Which part of the system notices it, and
/// so the cause, depends on what holds the limit: a cgroup kills, RLIMIT_DATA refuses.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerMemoryIT {

    private static final long LIMIT = 128 << 20;
    private static final int MUCH = 700; // megabytes

    @RegisterExtension
    final Children children = new Children();

    private static WorkerSetBuilder<Work, String> set(Class<?> worker) {
        return WorkerSet.builder(Work.class, String.class).workerCount(2)
                .worker(WorkerSetContract.child(worker, Transport.shm()).memoryLimit(LIMIT));
    }

    private static void assertOutOfMemory(ChildReport report) {
        assertThat(report.memoryLimit()).startsWith(LIMIT + " held by ");
        assertThat(report.cause().kind()).isIn(Kind.KILLED_FOR_MEMORY, Kind.OUT_OF_MEMORY);
    }

    @Test
    void jobInWhoseMiddleItsWorkerHasTooMuchFailsWithTheCauseAndTheSetGoesOn() throws Exception {
        try (var workers = set(WorkingChild.class).start()) {
            assertThatThrownBy(() -> workers.call(new Work.Fill(MUCH)))
                    .satisfiesAnyOf(
                            killed -> assertThat(killed).isInstanceOfSatisfying(WorkerDied.class,
                                    died -> assertOutOfMemory(
                                            Objects.requireNonNull(died.report()))),
                            refused -> assertThat(refused).isInstanceOf(CallFailed.class)
                                    .hasMessageContaining("OutOfMemoryError"));

            assertThat(workers.call(new Work.Echo("next"))).isEqualTo("next");
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
        }
    }

    @Test
    void jobThatFillsTheHeapFailsWithTheErrorAndTheSetGoesOn() throws Exception {
        try (var workers = set(WorkingChild.class).start()) {
            assertThatThrownBy(() -> workers.call(new Work.Keep(MUCH)))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining("OutOfMemoryError: Java heap space");

            assertThat(workers.call(new Work.Echo("next"))).isEqualTo("next");
            assertThat(workers.stats().restarts()).isZero();
        }
    }

    @Test
    void workersThatHaveTooMuchFromTheStartEndTheStartOfTheSetWithTheCause() {
        assertThatThrownBy(() -> set(LargeChild.class).start())
                .isInstanceOfSatisfying(ChildFailed.class,
                        failed -> assertOutOfMemory(Objects.requireNonNull(failed.report())));
    }

    @Test
    void workersThatHaveTooMuchFromTheStartAreNotStartedForEver() throws Exception {
        try (var workers = set(LargeChild.class).workerCount(0)
                .restartLimit(3, Duration.ofMinutes(1)).start()) {
            workers.add();

            assertThatThrownBy(() -> workers.call(new Work.Echo("never")))
                    .isInstanceOf(WorkerDied.class)
                    .hasMessageContaining("the workers of this set end too often");
            assertThat(workers.workers()).isEmpty();
        }
    }
}
