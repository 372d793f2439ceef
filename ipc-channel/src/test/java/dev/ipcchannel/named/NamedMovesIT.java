package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.children.ServingChild;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Calls that no server begins: they move to another server once, and not again.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedMovesIT {

    private static final Duration SHORT = Duration.ofMillis(50);

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.swept();

    private ChildJvm serve(String name) throws Exception {
        return children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                .start(ServingChild.class, name);
    }

    @Test
    void callThatTwoServersHadBeforeTheyDiedGoesToNoThird() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        try (NamedCaller<String, String> caller =
                NamedCaller.open(ServingChild.NAME, String.class, String.class)) {
            ChildJvm first = serve("first");
            caller.waitUntilReady(1, Children.PATIENCE);
            first.signal("STOP");
            Parts<String> call = caller.stream("asked");
            ChildJvm second = serve("second");
            awaitServers(caller);
            second.signal("STOP");
            first.kill();
            awaitMove(call, second);
            try (NamedService _ = NamedService.serve(ServingChild.NAME, String.class, String.class,
                    (question, _) -> question + " " + begun.incrementAndGet())) {
                awaitServers(caller);
                second.kill();

                assertThatThrownBy(() -> call.next(Children.PATIENCE))
                        .isInstanceOf(Disconnected.class)
                        .hasMessage(
                                "the server of this call has gone before it had begun it, as had"
                                        + " another one: name=clerks, server %s: ask again",
                                shown(second));
                assertThat(begun).hasValue(0);
                assertThat(caller.call("again", Children.PATIENCE)).isEqualTo("again 1");
            }
        }
    }

    /// Waits until there are two servers: one that is stopped, and its successor.
    private static void awaitServers(NamedCaller<String, String> caller) {
        await().atMost(Children.PATIENCE).until(() -> caller.serverCount() == 2);
    }

    /// Waits until a call is at that server, which does not begin it.
    private static void awaitMove(Parts<String> call, ChildJvm server) throws Exception {
        String said = "";
        while (!said
                .contains("the server has not begun, within the time given: name=clerks, server "
                        + shown(server))) {
            try {
                assertThat(call.next(SHORT)).isNotNull();
            } catch (TimedOut unbegun) {
                said = String.valueOf(unbegun.getMessage());
            }
        }
    }

    private static String shown(ChildJvm server) {
        return "pid=%d (%s)".formatted(server.pid(), ServingChild.class.getName());
    }
}
