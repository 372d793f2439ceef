package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.CountingChild;
import dev.ipcchannel.testing.children.Talk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The counters of ends after known traffic between two processes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StatsIT {

    private static final int COUNT = 500;
    private static final String LONG = "x".repeat(100_000);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void bothProcessesCountTheSame() throws Exception {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = children.command().piped().start(CountingChild.class, server.name());
            ChildOutput output = child.captured();
            Talk talk = server.accept(child.process(), Children.PATIENCE);
            long bytes = 0;
            for (int i = 0; i < COUNT; i++) {
                String message = i % 100 == 0 ? LONG : "message " + i;
                talk.toChild().send(message);
                assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo(message);
                bytes += message.length();
            }

            EndStats sent = talk.toChild().stats();
            EndStats received = talk.fromChild().stats();
            talk.toChild().close();

            String counted = "messages=%d, bytes=%d, spills=5".formatted(COUNT, bytes);
            for (EndStats stats : new EndStats[]{sent, received}) {
                assertThat("messages=%d, bytes=%d, spills=%d".formatted(stats.messages(),
                        stats.bytes(), stats.spills())).isEqualTo(counted);
                assertThat(stats.memory()).isPositive();
            }
            assertThat(output.awaitExit(Children.PATIENCE)).isZero(); // and its output has ended
            child.awaitExit(0);
            assertThat(output.lines()).startsWith(counted + ", isOpen=true",
                    counted + ", isOpen=true", counted + ", isOpen=false");
            assertThat(output.lines().getLast())
                    .as("with the message that connected").startsWith("messages=" + (COUNT + 1))
                    .endsWith("isOpen=false");
            talk.fromChild().close();
        }
    }
}
