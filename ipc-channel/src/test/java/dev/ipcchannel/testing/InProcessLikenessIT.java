package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.children.IdleChild;
import dev.ipcchannel.testing.children.Talk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Deaths on request in one process, with the same error texts as the death of another process,
/// except for its identity. The death of a child of this JVM has texts of its own.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessLikenessIT {

    private static final int KILLED = 137;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void deathInOneProcessReadsLikeThatOfAnother() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class);
                Conversation real = strangers(server);
                InProcessDuplex<String, String> staged =
                        InProcessDuplex.open(String.class, String.class)) {
            staged.far().send("ready");
            for (Receiver<String> receiver : List.of(real.fromChild(), staged.near().receiver())) {
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("ready");
            }
            real.toChild().send("unread");
            staged.near().send("unread");

            real.child().kill();
            real.child().awaitExit(KILLED);
            staged.killFar();

            assertThat(endOf(real.fromChild())).startsWith(endOf(staged.near().receiver()) + ": ");
            assertThat(endOf(real.toChild())).startsWith(endOf(staged.near().sender()) + ": ");
        }
    }

    /// A conversation with a process of which the server knows only the number.
    private Conversation strangers(OneShotServer<Talk> server) throws Exception {
        ChildJvm process = children.start(IdleChild.class, server.name(), "4096", "HYBRID");
        return new Conversation(process, server.accept(Children.PATIENCE));
    }

    private static String endOf(Receiver<String> receiver) {
        return said(catchThrowableOfType(Disconnected.class, receiver::receive));
    }

    private static String endOf(Sender<String> sender) {
        await().atMost(Children.PATIENCE).until(() -> !sender.isConnected());
        return said(catchThrowableOfType(Disconnected.class, () -> sender.send("x")));
    }

    private static String said(Disconnected end) {
        return String.valueOf(end.getMessage());
    }
}
