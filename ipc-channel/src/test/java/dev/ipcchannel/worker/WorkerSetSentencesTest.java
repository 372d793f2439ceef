package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The sentences about workers that are replaced late and about jobs that end with their worker:
/// which one it is, why, and what to do.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetSentencesTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    @Test
    void restartInTimeNamesTheWorkerThatStaysBusy() throws Exception {
        try (var set = stage.set(1).start()) {
            CompletableFuture<String> job = set.send("long");
            var begun = stage.enter().begin();
            WorkerSnapshot busy = set.workers().getFirst();

            assertThatThrownBy(() -> set.restart(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessage("not all workers of this set were replaced within the time given:"
                            + " timeout=20 ms, replaced=0 of 1: worker 1 (pid=" + busy.pid()
                            + ", sleep 1000) stays busy with a job that it had, and ends after"
                            + " that: cancel the job, or give jobs a time limit with"
                            + " TimeoutAction.RESTART");

            begun.send(new Outcome.Value<>("done"));
            assertThat(job).succeedsWithin(Children.PATIENCE).isEqualTo("done");
            await("it is replaced").atMost(Children.PATIENCE)
                    .until(() -> set.stats().active() == 1 && set.workers().stream()
                            .noneMatch(worker -> worker.pid() == busy.pid()));
        }
    }

    @Test
    void jobWhoseTimeIsOverNamesTheWorkerThatHasIt() throws Exception {
        try (var set = stage.set(1).start()) {
            var worker = stage.enter();
            assertThat(set.awaitReady(Children.PATIENCE)).isTrue();
            CompletableFuture<String> job =
                    set.job("long").timeout(Duration.ofMillis(300), TimeoutAction.ERROR).send();
            var begun = worker.begin();
            long pid = set.workers().getFirst().pid();

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .havingCause().isInstanceOf(TimedOut.class)
                    .withMessageMatching("a job was not answered within the time given:"
                            + " timeout=300 ms: worker 1 \\(pid=" + pid + ", sleep 1000\\)"
                            + " (goes on|had not come to it) \\(Failed to receive.*");
            begun.send(new Outcome.Value<>("too late"));
        }
    }

    @Test
    void restartThatIsDoneInTimeReturns() throws Exception {
        try (var set = stage.set(2).start()) {
            assertThat(set.awaitReady(Children.PATIENCE)).isTrue();
            var before = set.workers().stream().map(WorkerSnapshot::pid).toList();

            set.restart(Children.PATIENCE);

            assertThat(set.workers()).extracting(WorkerSnapshot::pid).hasSize(2)
                    .doesNotContainAnyElementsOf(before);
        }
    }

    @Test
    void restartInTimeSaysThatNoWorkerIsReady() throws Exception {
        try (var set = stage.set(1).start()) {
            var _ = stage.enter();
            stage.shut();

            assertThatThrownBy(() -> set.restart(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("timeout=20 ms, replaced=0 of 1: ");
            await("the old one is gone").atMost(Children.PATIENCE)
                    .until(() -> set.workers().isEmpty());
            assertThatThrownBy(() -> set.restart(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessage("not all workers of this set were replaced within the time given:"
                            + " timeout=20 ms: not all that are to be there are ready");
            stage.open();
        }
    }

    @Test
    void jobThatTwoWorkersHaveDiedWithIsReportedToBeTriedNoMore() throws Exception {
        try (var set = stage.set(1).start()) {
            CompletableFuture<String> job = set.job("deadly").idempotent().send();
            for (int i = 0; i < 2; i++) {
                Puppet<String, String> worker = stage.enter();
                var _ = worker.begin();
                worker.die();
            }

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class)
                    .withMessageContaining("begun: it is not tried any more, since two workers have"
                            + " died with one that is equal to it: WorkerSet.restart lets it in"
                            + " again");
        }
    }

    @Test
    void jobOfTheLastWorkerOfASetSaysThatThereIsNoOther() throws Exception {
        try (var set = stage.set(1).start()) {
            CompletableFuture<String> once = set.send("once");
            Puppet<String, String> worker = stage.enter();
            var _ = worker.begin();
            set.remove();
            worker.die();

            assertThat(once).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withMessageContaining(
                            "begun: the set has no other worker: add one, and send it"
                                    + " again if it may be done twice");

            set.add();
            CompletableFuture<String> twice = set.job("twice").idempotent().send();
            Puppet<String, String> other = stage.enter();
            var _ = other.begin();
            set.remove();
            other.die();
            assertThat(twice).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withMessageContaining(
                            "begun: the set has no other worker: add one, and send it"
                                    + " again (");
        }
    }
}
