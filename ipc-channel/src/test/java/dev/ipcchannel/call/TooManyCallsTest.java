package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The limit of calls that are open at once.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TooManyCallsTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final ChannelOptions ROOM_FOR_ALL =
            ChannelOptions.defaults().withCapacity(16 << 20);

    @RegisterExtension
    final Children children = new Children();

    private final Responder.Pair<String, String> pair =
            Responder.create(STRING, STRING, Served.SMALL);
    private final Responder<String, String> responder = pair.near();
    private final Duplex<Request<String>, Reply<String>> caller = pair.far();

    @AfterEach
    void close() {
        caller.close();
        responder.close();
    }

    private void ask(int first, int last) throws InterruptedException {
        ask(caller, first, last);
    }

    private static void ask(Link<Request<String>, ?> caller, int first, int last)
            throws InterruptedException {
        for (int id = first; id <= last; id++) {
            caller.send(new Ask<>(id, ""));
        }
    }

    @Test
    void oneTooManyIsRefusedWhereTasksOfAnExecutorAreOpen() throws Exception {
        Waits<Void> serving = Waits.run(() -> responder.serve((_, _) -> "never", _ -> {}));

        ask(1, Service.MAX_OPEN + 2);

        for (int id = Service.MAX_OPEN + 1; id <= Service.MAX_OPEN + 2; id++) {
            long refused = id;
            assertThat(caller.receive(Children.PATIENCE))
                    .isInstanceOfSatisfying(Reply.Failed.class, reply -> {
                        assertThat(reply.id()).isEqualTo(refused);
                        assertThat(reply.failure().type())
                                .isEqualTo(RejectedExecutionException.class.getName());
                        assertThat(reply.failure().message())
                                .contains("too many calls are open: limit=65536");
                    });
        }
        assertThat(serving.result()).as("it serves on").isNotDone();
        caller.sender().close();
        serving.value();
    }

    @Test
    void oneTooManyIsABreachWhereQuestionsAreGivenOut() throws Exception {
        ask(1, 1);
        Question<String, String> first =
                Objects.requireNonNull(responder.receive(Children.PATIENCE));
        Waits<Void> asking = Waits.run(() -> ask(2, Service.MAX_OPEN + 1));
        while (!asking.result().isDone()) {
            assertThat(first.isCancelled()).as("takes in what has come").isFalse();
        }
        AtomicInteger given = new AtomicInteger(1);

        assertThatThrownBy(() -> {
            while (responder.receive(Children.PATIENCE) != null) {
                given.incrementAndGet();
            }
        }).isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("more calls open than it may: limit=65536");

        assertThat(given).hasValue(Service.MAX_OPEN);
        assertThat(first.isCancelled()).as("it can be answered yet").isFalse();
    }

    @Test
    void refusalThatCouldNotBeSentIsTheEndAndNotTriedAgain() throws Exception {
        Duplex.Pair<Request<String>, Reply<String>> ends =
                CallEnds.create(STRING, STRING, ROOM_FOR_ALL);
        AtomicInteger tries = new AtomicInteger();
        Link<Reply<String>, Request<String>> link = new HookedLink<>(ends.far(), _ -> {
            tries.incrementAndGet();
            throw new ResourceExhausted("no memory for a reply", null);
        });
        try (Duplex<Request<String>, Reply<String>> asking = ends.near();
                Duplex<Reply<String>, Request<String>> _ = ends.far()) {
            QuestionSource<String, String> source = new QuestionSource<>(link, Way.INLINE);
            ask(asking, 1, Service.MAX_OPEN + 1);
            source.takeIn(); // all within the limit
            assertThat(tries).hasValue(0);
            source.takeIn();
            assertThat(tries).hasValue(1);

            assertThatThrownBy(() -> source.next(Deadline.NEVER))
                    .isInstanceOf(ResourceExhausted.class);

            assertThat(tries).hasValue(1);
        }
    }
}
