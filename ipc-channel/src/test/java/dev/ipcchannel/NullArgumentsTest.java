package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.InProcess;
import dev.ipcchannel.testing.InProcessDuplex;
import dev.ipcchannel.testing.children.MortalChild;
import dev.ipcchannel.worker.BusyPolicy;
import dev.ipcchannel.worker.Worker;
import dev.ipcchannel.worker.WorkerSet;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Null arguments, as a caller without null annotations may pass: refused at once, with the
/// parameter's name.
@NullUnmarked
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NullArgumentsTest {

    @Test
    void callIsTheOneThatTheUserMakes() {
        assertThatThrownBy(() -> Channel.create((Class<String>) null))
                .hasMessage("type of Channel.create is null");
        assertThatThrownBy(() -> WorkerSet.builder((Class<String>) null, String.class))
                .hasMessage("data of WorkerSet.builder is null");
        assertThatThrownBy(() -> new Channel<>(null, null))
                .hasMessage("sender of new Channel is null");
        try (Channel<String> channel = Channel.create(String.class)) {
            assertThatThrownBy(() -> channel.sender().send(null))
                    .hasMessage("message of Sender.send is null");
            assertThatThrownBy(() -> channel.receiver().receive((Duration) null))
                    .hasMessage("timeout of Receiver.receive is null");
        }
        Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
        try (var near = pair.near().ownedBy("a test"); var _ = pair.far()) {
            assertThatThrownBy(() -> near.trySend(null))
                    .hasMessage("message of Link.trySend is null");
        }
    }

    @Test
    void callOfAFutureIsThatOfTheTypeThatTheUserHas() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            CompletableFuture<String> message = channel.receiver().receiveAsync();
            assertThatThrownBy(() -> message.completeExceptionally(null))
                    .hasMessage("failure of CompletableFuture.completeExceptionally is null");
            assertThat(message.cancel(true)).isTrue();
        }
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(MortalChild.class).workerCount(1).start()) {
            CompletableFuture<String> answer = workers.send("wait");
            assertThatThrownBy(() -> answer.completeExceptionally(null))
                    .hasMessage("failure of CompletableFuture.completeExceptionally is null");
            assertThat(answer.cancel(true)).isTrue();
        }
    }

    @Test
    void nestedClassIsNamedWithThatAroundIt() {
        assertThatThrownBy(() -> new BusyPolicy.Wait<String, String>(null))
                .hasMessage("timeout of new BusyPolicy.Wait is null");
    }

    @Test
    void missingArgumentOfAServerIsNamed() {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            assertMissing("name", () -> OneShotServer.connect(null, String.class));
            assertMissing("child", () -> server.accept(null, Duration.ZERO));
            assertMissing("timeout", () -> server.accept(null));
            assertMissing("codec", () -> OneShotServer.open((Codec<String>) null));
        }
    }

    @Test
    void missingArgumentOfAChannelIsNamed() {
        assertMissing("options", () -> Channel.create(String.class, null));
        try (Channel<String> channel = Channel.create(String.class)) {
            assertMissing("message", () -> channel.sender().send(null));
            assertMissing("message", () -> channel.sender().trySend(null));
            assertMissing("timeout", () -> channel.sender().send("hello", null));
            assertMissing("timeout", () -> channel.receiver().receive(null));
            assertMissing("handler", () -> channel.receiver().tryReceive(null, 1));
            assertMissing("subscriber", () -> channel.receiver().publisher().subscribe(null));
        }
    }

    @Test
    void missingArgumentOfASetIsNamed() {
        try (ReceiverSet<String> set = ReceiverSet.open()) {
            assertMissing("receiver", () -> set.add(null));
            assertMissing("receiver", () -> set.remove(null));
            assertMissing("timeout", () -> set.select(null));
        }
    }

    @Test
    void missingArgumentOfARouterIsNamed() {
        assertMissing("executor", () -> Router.open(null));
        try (Router router = Router.open(); Channel<String> channel =
                Channel.create(String.class)) {
            assertMissing("receiver", () -> router.route(null, _ -> {}));
            assertMissing("handler", () -> router.route(channel.receiver(), null));
            assertMissing("onEnd", () -> router.route(channel.receiver(), _ -> {}, null));
            assertMissing("receiver", () -> router.routeOnce(null, _ -> {}));
        }
    }

    @Test
    void missingArgumentOfAnInProcessChannelIsNamed() {
        assertMissing("codec", () -> InProcess.open((Codec<String>) null,
                ChannelOptions.defaults()));
        assertMissing("options", () -> InProcess.open(String.class, null));
        assertMissing("options", () -> InProcessDuplex.open(String.class, String.class, null));
        try (InProcess<String> channel = InProcess.open(String.class)) {
            assertMissing("delay", () -> channel.delay(null));
        }
    }

    @Test
    void missingTypeIsNamed() {
        assertMissing("type", () -> Channel.create((Class<String>) null));
        assertMissing("type", () -> Codec.of((Class<String>) null));
        assertMissing("type", () -> Codec.json((Class<String>) null));
        assertMissing("out", () -> Duplex.create((Class<String>) null, String.class));
        assertMissing("type", () -> OneShotServer.open((Class<String>) null));
        assertMissing("questions", () -> Caller.create(null, String.class));
        assertMissing("answers", () -> Responder.create(String.class, null));
        assertMissing("data", () -> WorkerSet.builder((Class<String>) null, String.class));
        assertMissing("data", () -> Worker.connect((Class<String>) null, String.class));
        assertMissing("out",
                () -> ChildJvm.of("Nobody").start((Class<String>) null, String.class));
        assertMissing("out", () -> ChildJvm.parent((Class<String>) null, String.class));
    }

    @Test
    void missingOptionOfAChannelIsNamed() {
        assertMissing("waitStrategy", () -> ChannelOptions.defaults().withWaitStrategy(null));
        assertMissing("spin", () -> ChannelOptions.defaults().withSpin(null));
    }

    private static void assertMissing(String parameter, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class)
                .hasMessageMatching(parameter + " of [A-Z][\\w.]+\\.[a-z]\\w+ is null");
    }
}
