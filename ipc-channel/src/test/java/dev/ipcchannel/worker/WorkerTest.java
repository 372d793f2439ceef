package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The worker's side, with a host in the test's hands.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    private final Responder.Pair<Task<String>, Outcome<String>> pair = Responder.create(
            TypeToken.of(Task.class, List.of(STRING)), TypeToken.of(Outcome.class, List.of(STRING)),
            ChannelOptions.defaults().withCapacity(4096));
    private final Worker<String, String> worker = new Worker<>(pair.near(), null);
    private final Duplex<Request<Task<String>>, Reply<Outcome<String>>> host = pair.far();

    @AfterEach
    void close() {
        host.close();
        worker.close();
    }

    private void ask(long id, Task<String> task) throws InterruptedException {
        host.send(new Request.Ask<>(id, task));
    }

    @Test
    void jobHasStartedWhenItIsReceivedAndIsAnsweredThroughItsReply() throws Exception {
        ask(1, new Task.Bidirectional<>("a job"));

        Job<String, String> job = worker.receive(Children.PATIENCE);

        assertThat(job).isInstanceOfSatisfying(Job.Bidirectional.class,
                both -> assertThat(both.data()).isEqualTo("a job"));
        assertThat(host.receive()).isEqualTo(new Reply.Part<>(1, new Outcome.Started<>(0, false)));
        if (job instanceof Job.Bidirectional<String, String>(_, JobReply<String> reply)) {
            assertThat(reply.isBidirectional()).isTrue();
            assertThat(reply.isCancelled()).isFalse();
            reply.progress(1, 2, "half");
            reply.part("a part");
            reply.send("done");
            assertThatThrownBy(() -> reply.send("again"))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(host.receive()).isEqualTo(new Reply.Part<>(1, new Outcome.Step<>(1, 2, "half")));
        assertThat(host.receive()).isEqualTo(new Reply.Part<>(1, new Outcome.Value<>("a part")));
        assertThat(host.receive()).isEqualTo(new Reply.Answer<>(1, new Outcome.Value<>("done")));
    }

    @Test
    void whatAJobGivesToBeClosedIsClosedOnceItIsAnswered() throws Exception {
        List<String> closed = new CopyOnWriteArrayList<>();
        ask(1, new Task.Bidirectional<>("by hand"));
        Job<String, String> job = worker.receive(Children.PATIENCE);
        if (job instanceof Job.Bidirectional<String, String>(_, JobReply<String> reply)) {
            AutoCloseable _ = reply.closeWhenSent(() -> closed.add("by hand"));
            assertThat(closed).isEmpty();
            reply.send("done");
        }
        assertThat(closed).containsExactly("by hand");

        Waits<Void> serving = Waits.run(() -> worker.serve((data, served) -> {
            AutoCloseable _ = served.closeWhenSent(() -> closed.add(data));
            return data;
        }));
        ask(2, new Task.Bidirectional<>("served"));
        ask(3, new Task.Unidirectional<>("told"));
        await("both are closed").atMost(Children.PATIENCE).until(() -> closed.size() == 3);
        assertThat(closed).containsExactly("by hand", "served", "told");
        host.close();
        assertThat(serving.value()).isNull();
    }

    @Test
    void jobWithoutAnAnswerIsDoneWhenTheNextIsReceived() throws Exception {
        ask(1, new Task.Unidirectional<>("first"));
        ask(2, new Task.Unidirectional<>("second"));

        assertThat(worker.receive()).isEqualTo(new Job.Unidirectional<>("first"));
        assertThat(host.receive()).isEqualTo(new Reply.Part<>(1, new Outcome.Started<>(0, false)));
        assertThat(host.tryReceive()).isNull();
        assertThat(worker.receive()).isEqualTo(new Job.Unidirectional<>("second"));
        assertThat(host.receive()).isEqualTo(new Reply.End<>(1));
    }

    @Test
    void lookForAJobDistinguishesNothingYetFromNothingEver() throws Exception {
        assertThat(worker.tryReceive()).isNull();
        ask(1, new Task.Unidirectional<>("first"));
        assertThat(worker.tryReceive()).isEqualTo(new Job.Unidirectional<>("first"));
        assertThat(host.receive()).isEqualTo(new Reply.Part<>(1, new Outcome.Started<>(0, false)));
        assertThat(worker.tryReceive()).isNull();
        assertThat(host.receive()).isEqualTo(new Reply.End<>(1)); // done: it has looked for another

        host.close();

        assertThatThrownBy(worker::tryReceive).isInstanceOf(Disconnected.class);
    }

    @Test
    void lookForAJobOfAClosedWorkerIsRefused() {
        worker.close();

        assertThatThrownBy(worker::tryReceive).isInstanceOf(EndClosed.class);
    }

    @Test
    void lookForAJobLeavesItToAThreadThatWaitsAlready() throws Exception {
        Waits<@Nullable Job<String, String>> waiting = Waits.in(worker::receive).asleep();

        assertThat(worker.tryReceive()).isNull();
        ask(1, new Task.Unidirectional<>("first"));

        assertThat(waiting.value()).isEqualTo(new Job.Unidirectional<>("first"));
    }

    @Test
    void receiveSaysThatTheHostIsGone() throws Exception {
        Waits<Boolean> end = Waits.in(() -> worker.receive() == null).asleep();

        host.close();

        assertThat(end.value()).isTrue();
        assertThat(worker.receive()).isNull();
    }

    @Test
    void interruptWhileTheHostHasNoRoomLosesNoJob() throws Exception {
        List<JobReply<String>> replies = new ArrayList<>();
        for (long id = 1; id <= 2; id++) { // one alone gets no more than a window
            ask(id, new Task.Bidirectional<>("a long answer"));
            if (worker.receive() instanceof Job.Bidirectional<String, String>(_, var reply)) {
                replies.add(reply);
            }
        }
        List<Waits<Void>> filling = replies.stream()
                .map(reply -> Waits.run(() -> sendParts(reply)).asleep()).toList();
        filling.forEach(parts -> parts.thread().interrupt());
        for (Waits<Void> parts : filling) {
            parts.failure().isInstanceOf(InterruptedException.class);
        }
        ask(3, new Task.Bidirectional<>("a job"));
        Waits<Boolean> receive = Waits.in(() -> {
            assertThat(worker.receive()).isNotNull();
            return Thread.interrupted();
        }).asleep();

        receive.thread().interrupt();

        Waits<Void> host = Waits.run(this::awaitStartOfTheThird);
        assertThat(receive.value()).as("the interrupt is kept").isTrue();
        Void _ = host.value();
    }

    private static void sendParts(JobReply<String> reply) throws InterruptedException {
        while (true) {
            reply.part("a part");
        }
    }

    private void awaitStartOfTheThird() throws InterruptedException {
        while (!(host.receive(Children.PATIENCE) instanceof Reply.Part<Outcome<String>> part
                && part.value() instanceof Outcome.Started && part.id() == 3)) {
            // what filled the ring
        }
    }
}
