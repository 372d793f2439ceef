package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.BreakingCarrierChild;
import dev.ipcchannel.testing.children.BreakingCarrierChild.Carry;
import dev.ipcchannel.testing.children.BreakingChild;
import dev.ipcchannel.testing.children.FailingLoopChild;
import dev.ipcchannel.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A worker whose JVM may be broken is replaced by plan, and its job says why.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenWorkerIT {

    @RegisterExtension
    final Children children = new Children();

    private final Queue<Boolean> ends = new ConcurrentLinkedQueue<>(); // whether each was planned

    @ParameterizedTest
    @ValueSource(strings = {"memory", "internal", "memory of a thread"})
    void workerIsReplacedAfterAnErrorOfItsJvm(String task) throws Exception {
        try (var set = set().restartLimit(0, Duration.ofMinutes(1)).start()) {
            long first = set.call("pid");

            assertThatThrownBy(() -> set.call(task)).isInstanceOf(CallFailed.class)
                    .hasMessageMatching(".*(OutOfMemory|Internal)Error: (made up|of a thread)");

            assertThat(set.call("pid")).isNotEqualTo(first);
            await("the end is heard of").atMost(Children.PATIENCE).until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
            assertThat(set.stats().restarts()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack", "assertion"})
    void workerStaysAfterAnErrorOfItsJob(String task) throws Exception {
        try (var set = set().start()) {
            long first = set.call("pid");

            assertThatThrownBy(() -> set.call(task)).isInstanceOf(CallFailed.class);

            assertThat(set.call("pid")).isEqualTo(first);
        }
    }

    @Test
    void workerIsReplacedAfterWhatTheSetSays() throws Exception {
        try (var set = set().replaceAfter(List.of(AssertionError.class)).start()) {
            long first = set.call("pid");

            assertThatThrownBy(() -> set.call("assertion")).isInstanceOf(CallFailed.class);

            assertThat(set.call("pid")).isNotEqualTo(first);
        }
    }

    @Test
    void jobThatABrokenWorkerHasNotBegunIsDoneByAnother() throws Exception {
        try (var set = set().start()) {
            long first = breakThread(set);

            assertThat(set.call("pid")).isNotEqualTo(first);

            assertThat(set.stats().failed()).isZero();
        }
    }

    /// @return the worker whose thread has ended by an error, while it had no job
    private long breakThread(WorkerSet<String, Long> set) throws InterruptedException {
        Path file = children.directory().resolve("broken");
        long worker = set.call(BreakingChild.LATER + file);
        await("a thread has ended").atMost(Children.PATIENCE).until(() -> Files.exists(file));
        return worker;
    }

    @Test
    void workerThatReceivesIsReplacedAfterAnErrorOfItsThread() throws Exception {
        try (var set = set("receives").restartLimit(0, Duration.ofMinutes(1)).start()) {
            long first = set.call("pid");

            assertThatThrownBy(() -> set.call("memory of a thread")).isInstanceOf(CallFailed.class)
                    .hasMessageEndingWith("OutOfMemoryError: of a thread");

            assertThat(set.call("pid")).isNotEqualTo(first);
            await("the end is heard of").atMost(Children.PATIENCE).until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
        }
    }

    @Test
    void workerThatReceivesIsReplacedAfterAJobWithoutAnAnswer() throws Exception {
        try (var set = set("receives").start()) {
            long first = set.call("pid");

            set.tell("memory of a thread");
            assertThat(set.call("pid")).isNotEqualTo(first);

            assertThat(set.stats().failed()).isOne();
            await("the end is heard of").atMost(Children.PATIENCE).until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
        }
    }

    @Test
    void jobThatABrokenWorkerReceivesIsDoneByAnother() throws Exception {
        try (var set = set("receives").start()) {
            long first = breakThread(set);

            assertThat(set.call("pid")).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "receives"})
    void endInAnAnswerThatIsNotSentIsClosedAtOnce(String argument) throws Exception {
        Queue<ChildReport> reports = new ConcurrentLinkedQueue<>();
        try (var set = WorkerSet.builder(String.class, Carry.class).workerCount(1)
                .worker(ChildJvm.of(BreakingCarrierChild.class)
                        .arguments(argument.isEmpty() ? new String[0] : new String[]{argument})
                        .shortLived().noClassArchive().output(Output.capture())
                        .errors(Output.capture()))
                .listener(new WorkerListener() {

                    @Override
                    public void onEnded(WorkerSnapshot worker, ChildReport report,
                            boolean wasPlanned) {
                        reports.add(report);
                    }
                }).start()) {
            assertThatThrownBy(() -> set.call("a job")).isInstanceOf(CallFailed.class)
                    .hasMessageEndingWith("OutOfMemoryError: of a thread");

            await("its end is heard of").atMost(Children.PATIENCE).until(() -> !reports.isEmpty());
            assertThat(reports.element().errorLines())
                    .contains(BreakingCarrierChild.CONNECTED + "false");
        }
    }

    @Test
    void asManyBrokenWorkersGoOnAsThereAreWorkersAndTheOldestHasToGo() throws Exception {
        try (var set = set().restartLimit(0, Duration.ofMinutes(1)).start()) {
            CompletableFuture<Long> first = set.send("memory of a thread, and no end");
            CompletableFuture<Long> second = set.send("memory of a thread, and no end");

            assertThat(first).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class)
                    .withMessageContaining("java.lang.OutOfMemoryError: of a thread");

            assertThat(set.call("pid")).isPositive();
            assertThat(second).isNotDone();
            assertThat(set.workers()).hasSize(2);
            assertThat(set.stats().restarts()).isZero();
        }
    }

    @Test
    void jobThatEachWorkerRefusesFailsWithWhatTheFourthSays() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                var set = set(BreakingChild.FROM_THE_START).start()) {
            CompletableFuture<Long> job = set.send("pid");

            assertThat(job).failsWithin(Duration.ofMinutes(1)).withThrowableThat()
                    .withCauseInstanceOf(CallFailed.class)
                    .withMessageContaining("OutOfMemoryError: of a thread");
            await("its worker's end is heard of").atMost(Children.PATIENCE)
                    .until(() -> ends.size() >= 4); // each that comes next breaks too
            assertThat(ends).containsOnly(true);
            assertThat(log.lines()).anyMatch(line -> line.contains("before it had begun it")
                    && line.contains("OutOfMemoryError: of a thread"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void idleWorkerIsReplacedAtOnce(Wire wire) throws Exception {
        try (var set = set().transport(wire.transport()).restartLimit(0, Duration.ofMinutes(1))
                .start()) {
            long first = breakThread(set);

            await("it is replaced without another job").atMost(Children.PATIENCE)
                    .until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
            assertThat(set.call("pid")).isNotEqualTo(first);
            assertThat(set.stats().restarts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void spareIsReplacedBeforeItsFirstJob(Wire wire) throws Exception {
        try (var set = set(BreakingChild.FROM_THE_START).transport(wire.transport())
                .restartLimit(0, Duration.ofMinutes(1)).spares(1).start()) {
            await("both are replaced").atMost(Children.PATIENCE).until(() -> ends.size() >= 2);
            assertThat(ends).containsOnly(true);
            assertThat(set.stats().restarts()).isZero();
        }
    }

    /// Its workers are never all ready at one moment, since replacements are slowed down.
    @ParameterizedTest
    @EnumSource
    void restartReturnsWhenEachNewWorkerWasReadyOnce(Wire wire) throws Exception {
        try (var set = set(BreakingChild.FROM_THE_START).transport(wire.transport())
                .workerCount(3).start()) {
            List<Integer> before = set.workers().stream().map(WorkerSnapshot::number).toList();
            set.restart();

            assertThat(set.workers()).extracting(WorkerSnapshot::number)
                    .doesNotContainAnyElementsOf(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorOfTheLoopBetweenJobsIsNoRestart(Wire wire) throws Exception {
        try (var set = failing(wire).start()) {
            long first = set.call(FailingLoopChild.BEFORE_THE_NEXT);

            await("its end is heard of").atMost(Children.PATIENCE).until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
            assertThat(set.call("pid")).isNotEqualTo(first);
            assertThat(set.stats().restarts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorOfReceiveIsNoRestart(Wire wire) throws Exception {
        try (var set = failing(wire, "receives").start()) {
            long first = set.call(FailingLoopChild.WITH_THE_NEXT);

            assertThat(set.call("pid")).isNotEqualTo(first);

            await("its end is heard of").atMost(Children.PATIENCE).until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void jobThatAFailingLoopHasNotBegunIsDoneByAnother(Wire wire) throws Exception {
        try (var set = failing(wire).start()) {
            long first = set.call(FailingLoopChild.WITH_THE_NEXT);

            assertThat(set.call("pid")).isNotEqualTo(first);

            await("its end is heard of").atMost(Children.PATIENCE).until(() -> !ends.isEmpty());
            assertThat(ends).containsExactly(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void jobThatAFailingLoopCannotAnswerSaysWhy(Wire wire) throws Exception {
        try (var set = failing(wire).start()) {
            assertThatThrownBy(() -> set.call(FailingLoopChild.IN_THE_ANSWER))
                    .isInstanceOf(WorkerDied.class)
                    .hasMessageContaining("java.lang.OutOfMemoryError: of the loop");

            assertThat(set.call("pid")).isPositive();
            assertThat(ends).containsExactly(true);
        }
    }

    /// The wire, where both transports do alike.
    enum Wire {
        SHM, UNIX;

        Transport transport() {
            return this == SHM ? Transport.shm() : Transport.unix();
        }
    }

    private WorkerSetBuilder<String, Long> failing(Wire wire, String... more) {
        return set(ChildJvm.of(FailingLoopChild.class).arguments(wire.transport().name())
                .arguments(more))
                .transport(wire.transport()).restartLimit(0, Duration.ofMinutes(1));
    }

    private WorkerSetBuilder<String, Long> set(String... arguments) {
        return set(ChildJvm.of(BreakingChild.class).arguments(arguments));
    }

    private WorkerSetBuilder<String, Long> set(ChildJvm worker) {
        return WorkerSet.builder(String.class, Long.class).workerCount(1)
                .worker(worker.shortLived().noClassArchive()
                        .output(Output.capture()).errors(Output.capture()))
                .listener(new WorkerListener() {

                    @Override
                    public void onEnded(WorkerSnapshot worker, ChildReport report,
                            boolean wasPlanned) {
                        ends.add(wasPlanned);
                    }
                });
    }
}
