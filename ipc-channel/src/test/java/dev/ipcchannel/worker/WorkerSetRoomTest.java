package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The room of a set: jobs that get a worker, wait for one, or are refused.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetRoomTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    @Test
    void thereIsAWorkerForEachAvailableProcessorByDefault() throws Exception {
        try (var set = WorkerSet.builder(String.class, String.class).worker(stage.worker())
                .start()) {
            int processors = Runtime.getRuntime().availableProcessors();
            assertThat(set.stats().size()).isEqualTo(processors);
            for (int i = 0; i < processors; i++) {
                var _ = stage.enter();
            }
        }
    }

    @Test
    void freeWorkerIsPickedAndWithoutOneTheJobWaitsInTheQueue() throws Exception {
        try (var set = stage.set(2).start()) {
            Puppet<String, String> one = stage.enter();
            Puppet<String, String> other = stage.enter();
            CompletableFuture<String> first = set.send("first");
            CompletableFuture<String> second = set.send("second");
            CompletableFuture<String> third = set.send("third");

            Question<Task<String>, Outcome<String>> ofOne = one.begin();
            Question<Task<String>, Outcome<String>> ofOther = other.begin();
            assertThat(List.of(Puppet.data(ofOne), Puppet.data(ofOther)))
                    .containsExactlyInAnyOrder("first", "second");
            assertThat(set.stats().queued()).isEqualTo(1);
            ofOther.send(new Outcome.Value<>("done"));
            assertThat(Puppet.data(other.begin())).isEqualTo("third");
            assertThat(first.isDone() && second.isDone()).isFalse();
            assertThat(third).isNotDone();
        }
    }

    @Test
    void jobWithoutRoomIsRejectedWhereThatIsThePolicy() throws Exception {
        try (var set = stage.set(1).queueCapacity(1).whenBusy(BusyPolicy.reject()).start()) {
            var _ = set.send("in hand");
            var _ = set.send("in the queue");

            assertThatThrownBy(() -> set.send("too many")).isInstanceOf(WorkersBusy.class)
                    .hasMessage("no worker of this set is free: wait for answers, or give it more"
                            + " workers or a longer queue: workers=1, busy=1, queued=1, limit=1 (No"
                            + " available workers in this set!)");
        }
    }

    @Test
    void threadWaitsForRoomNoLongerThanThePolicySays() throws Exception {
        try (var set = stage.set(1).queueCapacity(0)
                .whenBusy(BusyPolicy.waitUpTo(Duration.ofMillis(10))).start()) {
            var _ = set.send("in hand");

            assertThatThrownBy(() -> set.send("too many")).isInstanceOf(WorkersBusy.class)
                    .hasMessageContaining("timeout=10 ms");
        }
    }

    @Test
    void callerDoesTheJobWhereThatIsThePolicy() throws Exception {
        try (var set = stage.set(1).queueCapacity(0)
                .whenBusy(BusyPolicy.callerRuns(data -> data + " here")).start()) {
            var _ = set.send("in hand");

            assertThat(set.call("done")).isEqualTo("done here");
            assertThat(set.send("done").join()).isEqualTo("done here");
        }
    }

    @Test
    void whatTheFunctionOfACallerThrowsFailsTheJobErrorsAsWell() throws Exception {
        try (var set = stage.set(1).queueCapacity(0)
                .whenBusy(BusyPolicy.<String, String>callerRuns(data -> {
                    throw new AssertionError(data);
                })).start()) {
            var _ = set.send("in hand");

            assertThat(set.send("an error")).failsWithin(Children.PATIENCE)
                    .withThrowableThat().withCauseInstanceOf(CallFailed.class)
                    .withMessageContaining("java.lang.AssertionError: an error");
        }
    }

    @Test
    void queuedJobWhoseTimeIsOverMakesRoomForAThreadThatWaits() throws Exception {
        try (var set = stage.set(1).queueCapacity(1).start()) {
            var _ = set.send("in hand");
            CompletableFuture<String> late =
                    set.send("in the queue", SHORT, TimeoutAction.ERROR);
            Waits<CompletableFuture<String>> send = Waits.in(() -> set.send("waits"));

            assertThat(late).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(TimedOut.class)
                    .withMessageContaining("Failed to receive response in time");
            assertThat(send.value()).isNotDone();
        }
    }

    @Test
    void cancelledJobInTheQueueMakesRoomForAThreadThatWaits() throws Exception {
        try (var set = stage.set(1).queueCapacity(1).start()) {
            var _ = set.send("in hand");
            CompletableFuture<String> queued = set.send("in the queue");
            Waits<CompletableFuture<String>> send = Waits.in(() -> set.send("waits")).asleep();

            queued.cancel(false);

            assertThat(send.value()).isNotDone();
        }
    }

    @Test
    void drainEndsWhenTheLastQueuedJobTimesOut() throws Exception {
        try (var set = stage.set(1).start()) {
            stage.shut();
            stage.enter().die();
            CompletableFuture<String> late = set.send("waits", SHORT, TimeoutAction.ERROR);

            assertThat(set.drain(Children.PATIENCE.multipliedBy(2))).isTrue();
            assertThat(late).failsWithin(Children.PATIENCE);
            stage.open();
        }
    }

    @Test
    void eachHandOfANewWorkerLetsAThreadInThatWaits() throws Exception {
        try (var set = stage.set(1).jobsAtOnce(2).queueCapacity(0).start()) {
            var _ = set.send("in hand");
            var _ = set.send("in the other hand");
            Waits<CompletableFuture<String>> one = Waits.in(() -> set.send("one")).asleep();
            Waits<CompletableFuture<String>> other = Waits.in(() -> set.send("other")).asleep();

            set.add();

            assertThat(one.value()).isNotDone();
            assertThat(other.value()).isNotDone();
        }
    }

    @Test
    void jobsThatWaitFailWhenTheLastWorkerIsRemovedAndTheOneInHandGoesOn() throws Exception {
        try (var set = stage.set(1).start()) {
            CompletableFuture<String> inHand = set.send("in hand");
            CompletableFuture<String> queued = set.send("in the queue");

            set.remove();

            assertThat(queued).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkersBusy.class)
                    .withMessageContaining("No available workers in this set!");
            assertThatThrownBy(() -> set.call("new")).isInstanceOf(WorkersBusy.class);
            stage.enter().answer("done");
            assertThat(inHand).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            set.remove(); // fewer than none there are not
            set.add();
            CompletableFuture<String> next = set.send("next");
            stage.enter().answer("done as well");
            assertThat(next).succeedsWithin(Children.PATIENCE).isEqualTo("done as well");
        }
    }

    @Test
    void threadThatWaitsForRoomIsRefusedWhenTheLastWorkerIsRemoved() throws Exception {
        try (var set = stage.set(1).queueCapacity(0).start()) {
            var _ = set.send("in hand");
            Waits<CompletableFuture<String>> send = Waits.in(() -> set.send("waits")).asleep();

            set.remove();

            send.failure().isInstanceOf(WorkersBusy.class);
        }
    }

    @Test
    void interruptEndsAWaitForRoomAndNothingIsGiven() throws Exception {
        try (var set = stage.set(1).queueCapacity(0).start()) {
            var _ = set.send("in hand");
            Waits<CompletableFuture<String>> send = Waits.in(() -> set.send("waits")).asleep();

            send.thread().interrupt();

            send.failure().isInstanceOf(InterruptedException.class);
            assertThat(set.stats().queued()).isZero();
        }
    }

    @Test
    void setWithoutWorkersSaysSo() throws Exception {
        try (var set = stage.set(0).start()) {
            assertThatThrownBy(() -> set.send("anything")).isInstanceOf(WorkersBusy.class)
                    .hasMessage(
                            "this set has no worker: add one: workers=0, busy=0, queued=0,"
                                    + " limit=1024 (No available workers in this set!)");
        }
    }

    @Test
    void numbersAndTimesThatNoSetCanHaveAreRefusedByTheirNames() {
        WorkerSetBuilder<String, String> builder = WorkerSet.builder(String.class, String.class);

        assertThatThrownBy(() -> builder.workerCount(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a set's workerCount is 0 at least: given=-1");
        assertThatThrownBy(() -> builder.maxAge(Duration.ofMillis(-5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAge must be positive: maxAge=-5 ms, limit=1 ns");
    }

    @Test
    void setWithoutAWorkerSaysWhatIsMissing() {
        assertThatThrownBy(() -> WorkerSet.builder(String.class, String.class).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this set does not know how a worker is started: say it before start,"
                        + " by worker(Main.class), worker(ChildJvm) or workerPath (No worker path"
                        + " set!)");
    }

    @Test
    void workerMayBeAProgramByItsPath() throws Exception {
        Path program = Files.writeString(stage.directory().resolve("worker"),
                "#!/bin/sh\nexec sleep 1000\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

        try (var set = WorkerSet.builder(String.class, String.class).workerPath(program)
                .transport(stage).workerCount(1).start()) {
            CompletableFuture<String> answer = set.send("a job");
            stage.enter().answer("done");

            assertThat(answer.join()).isEqualTo("done");
        }
    }

    @Test
    void jobsThatTheCallerDoesAreCounted() throws Exception {
        try (var set = stage.set(1).queueCapacity(0)
                .whenBusy(BusyPolicy.<String, String>callerRuns(data -> {
                    if (data.equals("bad")) {
                        throw new IllegalStateException("on purpose");
                    }
                    return data;
                })).start()) {
            var _ = set.send("in hand");

            assertThat(set.call("good")).isEqualTo("good");
            assertThatThrownBy(() -> set.call("bad")).isInstanceOf(CallFailed.class)
                    .hasMessageContaining("java.lang.IllegalStateException: on purpose");

            assertThat(set.stats().completed()).isEqualTo(1);
            assertThat(set.stats().failed()).isEqualTo(1);
        }
    }

    @Test
    void timeThatPassesWithoutRoomIsTheJobsOwn() throws Exception {
        try (var set = stage.set(1).queueCapacity(0).start()) {
            var _ = set.send("in hand");

            assertThatThrownBy(
                    () -> set.call("late", Duration.ofMillis(10), TimeoutAction.ERROR))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContainingAll("timeout=10 ms", "there was no room for it");
        }
    }

    @Test
    void jobThatIsDoneInBetweenIsNotBlamedForOldDeaths() throws Exception {
        try (var set = stage.set(1).start()) {
            for (int round = 0; round < 3; round++) {
                CompletableFuture<String> lost = set.send("the same");
                Puppet<String, String> worker = stage.enter();
                var _ = worker.begin();
                worker.die();
                assertThat(lost).failsWithin(Children.PATIENCE);
                CompletableFuture<String> done = set.send("the same");
                Puppet<String, String> next = stage.enter();
                next.answer("done");
                assertThat(done.join()).isEqualTo("done");
                next.die();
            }
        }
    }
}
