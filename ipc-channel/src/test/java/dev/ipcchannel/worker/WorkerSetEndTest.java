package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The rest of sets that have given up or are closed, and of workers that are gone: nothing that a
/// thread waits for.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetEndTest {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    /// Its own methods fail.
    ///
    /// @param name whatever
    record Broken(String name) {

        @Override
        public int hashCode() {
            throw new AssertionError("no hash code");
        }
    }

    @Test
    void setThatGaveUpAndIsClosedTakesNoJobsWhateverIsAskedOfIt() throws Exception {
        WorkerSet<String, String> set = stage.set(1).restartLimit(0, FOREVER).start();
        stage.enter().die();
        await("the set gives up").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThatThrownBy(() -> set.tell("a job"))
                        .isInstanceOf(WorkerDied.class));
        set.close();

        assertThatThrownBy(set::add).isInstanceOf(EndClosed.class);
        assertThatThrownBy(set::restart).isInstanceOf(EndClosed.class);
        Waits.in(() -> set.call("a job")).failure().isInstanceOf(EndClosed.class);
    }

    @Test
    void workerThatIsAddedToAnEmptySetAndCannotBeStartedIsTriedAgain() throws Exception {
        ChildJvm none = ChildJvm.ofCommand("/no/such/program").transport(stage);
        try (var set = WorkerSet.builder(String.class, String.class).worker(none).workerCount(0)
                .restartLimit(1, FOREVER).start()) {
            set.add();

            await("the set gives up").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                    .untilAsserted(() -> assertThatThrownBy(() -> set.tell("a job"))
                            .isInstanceOf(WorkerDied.class));
        }
    }

    @Test
    void nothingIsKeptOfAWorkerThatIsGoneBeforeItsAge() throws Exception {
        SetOptions<String, String> options = new SetOptions<>(stage.worker(),
                JobTypes.of(TypeToken.of(String.class), TypeToken.of(String.class)), 1, 1, 0, 1,
                BusyPolicy.reject(), null, TimeoutAction.RESTART, 0, null, Long.MAX_VALUE, FOREVER,
                Long.MAX_VALUE, 0, null, Set.of(), 1, FOREVER, new WorkerListener() {},
                ContextCarrier.of(Map.of()));
        WorkerSet<String, String> set = new WorkerSet<>(options);
        set.begin();
        stage.enter().die();
        var _ = stage.enter();

        await("one that waits for its age").atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(set.threads().timer().getQueue()).hasSize(1));

        set.close();
    }

    @Test
    void jobWhoseOwnMethodsFailKeepsNoOtherFromItsEnd() throws Exception {
        try (var set = WorkerSet.builder(Broken.class, String.class).worker(stage.worker())
                .workerCount(1).jobsAtOnce(2).start()) {
            CompletableFuture<String> one = set.send(new Broken("one"));
            CompletableFuture<String> other = set.send(new Broken("other"));
            Puppet<Broken, String> worker = stage.enter(Broken.class, String.class);
            var _ = worker.begin();
            var _ = worker.begin();

            worker.die();

            for (CompletableFuture<String> job : List.of(one, other)) {
                assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                        .withCauseInstanceOf(WorkerDied.class);
            }
        }
    }
}
