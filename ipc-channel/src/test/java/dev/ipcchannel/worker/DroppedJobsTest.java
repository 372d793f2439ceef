package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.CarriedEnds;
import dev.ipcchannel.testing.Children;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Jobs, answers and parts of them that are dropped: the ends in them are closed at once.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DroppedJobsTest {

    /// Something with an end in it.
    record Carry(List<Sender<String>> ends) {}

    @RegisterExtension
    final StageExtension stage = new StageExtension();
    private final CarriedEnds ends = new CarriedEnds();

    @AfterEach
    void close() {
        ends.close();
    }

    private WorkerSet<String, Carry> set() throws InterruptedException {
        return WorkerSet.builder(String.class, Carry.class).worker(stage.worker()).workerCount(1)
                .start();
    }

    @Test
    void partThatNoThreadTakesIsClosed() throws Exception {
        try (WorkerSet<String, Carry> set = set()) {
            Puppet<String, Carry> worker = stage.enter(String.class, Carry.class);
            CompletableFuture<Carry> job = set.send("a job");
            Question<Task<String>, Outcome<Carry>> question = worker.begin();
            question.part(new Outcome.Value<>(carry()));
            question.send(new Outcome.Value<>(new Carry(List.of())));

            assertThat(job.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS).ends()).isEmpty();

            ends.awaitAllClosed();
        }
    }

    @Test
    void answerToAJobThatWasCancelledIsClosed() throws Exception {
        try (WorkerSet<String, Carry> set = set()) {
            Puppet<String, Carry> worker = stage.enter(String.class, Carry.class);
            CompletableFuture<Carry> job = set.send("a job");
            Question<Task<String>, Outcome<Carry>> question = worker.begin();
            assertThat(job.cancel(false)).isTrue();

            question.send(new Outcome.Value<>(carry()));

            ends.awaitAllClosed();
        }
    }

    @Test
    void answerToAJobThatNeedsNoneIsClosed() throws Exception {
        try (WorkerSet<String, Carry> set = set()) {
            Puppet<String, Carry> worker = stage.enter(String.class, Carry.class);
            set.tell("a job");

            worker.answer(carry());

            ends.awaitAllClosed();
        }
    }

    @Test
    void jobWhoseHostIsGoneBeforeItBeginsIsClosed() throws Exception {
        TypeToken<Carry> carry = TypeToken.of(Carry.class);
        Responder.Pair<Task<Carry>, Outcome<Carry>> pair = Responder.create(
                TypeToken.of(Task.class, List.of(carry)),
                TypeToken.of(Outcome.class, List.of(carry)), ChannelOptions.defaults());
        Duplex<Request<Task<Carry>>, Reply<Outcome<Carry>>> host = pair.far();
        try (Worker<Carry, Carry> worker = new Worker<>(pair.near(), null)) {
            host.send(new Request.Ask<>(1, new Task.Bidirectional<>(carry())));
            host.close();

            worker.serve((data, _) -> {
                throw new AssertionError("it was begun for nobody: " + data);
            });

            ends.assertAllClosed();
        }
    }

    private Carry carry() {
        return new Carry(List.of(ends.sender()));
    }
}
