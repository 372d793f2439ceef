package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Choir;
import dev.ipcchannel.testing.children.ChoirChild;
import dev.ipcchannel.testing.children.ChoirChild.Manner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Thousands of virtual threads that wait for one child, and its messages and its death.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsIT {

    private static final int THREADS = 1000; // a message takes as many ends along

    @RegisterExtension
    final Children children = new Children();

    @Test
    void allThatReceiveGetWhatAChildSentAndThenLearnThatItWasKilled() throws Exception {
        try (OneShotServer<Choir> server = OneShotServer.open(Choir.class)) {
            ChildJvm child = children.command().piped().start(ChoirChild.class, server.name(),
                    String.valueOf(THREADS), Manner.BURST.name(), "2");
            Choir choir = server.accept(child.process(), Children.PATIENCE);
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("sung");
            List<Waits<Long>> waits = new ArrayList<>();
            for (Receiver<Long> voice : choir.voices()) {
                waits.add(Waits.inVirtualThread(() -> {
                    assertThat(voice.receive()).isZero();
                    assertThat(voice.receive()).isOne();
                    return voice.receive();
                }));
            }
            for (Waits<Long> wait : waits) {
                wait.asleep();
            }

            child.kill();

            for (Waits<Long> wait : waits) {
                wait.failure().isInstanceOf(Disconnected.class);
            }
            choir.voices().forEach(Receiver::close);
        }
    }
}
