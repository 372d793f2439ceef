package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Jobs that a worker gets ahead of the one that it does.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetAheadTest {

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    @Test
    void workerHasJobsAheadBeforeItHasAnswered() throws Exception {
        try (var set = stage.set(1).prefetch(2).start()) {
            Puppet<String, String> worker = stage.enter();
            for (String data : List.of("first", "second", "third", "fourth")) {
                var _ = set.send(data);
            }

            assertThat(Puppet.data(worker.begin())).isEqualTo("first");
            assertThat(Puppet.data(worker.begin())).isEqualTo("second");
            assertThat(Puppet.data(worker.begin())).isEqualTo("third");
            assertThat(set.stats().queued()).isEqualTo(1);
        }
    }

    @Test
    void idleWorkerGetsAJobBeforeABusyOneGetsOneAhead() throws Exception {
        try (var set = stage.set(2).prefetch(4).start()) {
            Puppet<String, String> one = stage.enter();
            Puppet<String, String> other = stage.enter();
            assertThat(set.awaitReady(Children.PATIENCE)).isTrue();
            var _ = set.send("first");
            var _ = set.send("second");

            assertThat(List.of(Puppet.data(one.begin()), Puppet.data(other.begin())))
                    .containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    void jobThatWasNotBegunGoesToAnotherWorkerWhenItsOwnDies() throws Exception {
        try (var set = stage.set(1).prefetch(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> begun = set.send("begun");
            CompletableFuture<String> ahead = set.send("ahead");
            Question<Task<String>, Outcome<String>> _ = worker.begin();
            worker.die();

            stage.enter().answer("done");

            assertThat(ahead.join()).isEqualTo("done");
            assertThat(begun).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class);
        }
    }

    @Test
    void jobThatIsThereWheneverAWorkerDiesIsGivenToNoMore() throws Exception {
        try (var set = stage.set(1).prefetch(1).start()) {
            CompletableFuture<String> deadly = set.send("deadly before it is begun");
            for (int deaths = 0; deaths < 4; deaths++) {
                Puppet<String, String> worker = stage.enter();
                var _ = worker.responder().receive(Children.PATIENCE);
                worker.die();
            }

            assertThat(deadly).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class);
        }
    }

    @Test
    void timeThatPassesForAJobAheadKillsNoWorker() throws Exception {
        try (var set = stage.set(1).prefetch(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> begun = set.send("begun");
            Question<Task<String>, Outcome<String>> question = worker.begin();

            assertThatThrownBy(
                    () -> set.call("ahead", Duration.ofMillis(10), TimeoutAction.RESTART))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining(") had not come to it");
            question.send(new Outcome.Value<>("done"));

            assertThat(begun.join()).isEqualTo("done");
            assertThat(set.stats().restarts()).isZero();
        }
    }

    @Test
    void workerThatDoesSeveralJobsAtOnceGetsNoneAhead() {
        assertThatThrownBy(() -> stage.set(1).jobsAtOnce(2).prefetch(1).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("jobsAtOnce=2, prefetch=1");
    }

    @Test
    void allWorkersAreReadyOnceTheLastOneIs() throws Exception {
        try (var set = stage.set(2).spares(1).start()) {
            assertThat(set.awaitReady(Children.PATIENCE)).isTrue();

            assertThat(set.stats().active()).isEqualTo(2);
            assertThat(set.stats().spare()).isEqualTo(1);
            stage.shut();
            set.add();
            assertThat(set.awaitReady(Duration.ofMillis(10))).isFalse();
        }
    }
}
