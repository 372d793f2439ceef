package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.testing.Libc;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The descriptors that are taken for the end of a lane or a channel when another process sends
/// them.
@Timeout(30)
class SocketsTest {

    @TempDir
    Path directory;

    @Test
    void bothSocketsOfAPairAreConnected() {
        Sockets.Pair pair = Sockets.pair();

        assertThat(Sockets.isPacketSocket(pair.first())).isTrue();
        assertThat(Sockets.isPacketSocket(pair.second())).isTrue();
        pair.first().close();
        pair.second().close();
    }

    @Test
    void socketWhosePeerIsGoneIsStillOne() {
        Sockets.Pair pair = Sockets.pair();
        pair.first().close();

        assertThat(Sockets.isPacketSocket(pair.second())).isTrue();
        pair.second().close();
    }

    @Test
    void socketThatConnectedIsOneAndTheOneThatListensIsNot() {
        String path = directory.resolve("server").toString();
        Descriptor listener = Sockets.listen(path);
        Descriptor client = Sockets.connect(path, Deadline.after(Duration.ofSeconds(10)));

        assertThat(Sockets.isPacketSocket(client)).isTrue();
        assertThat(Sockets.isPacketSocket(listener)).isFalse();
        client.close();
        listener.close();
    }

    @Test
    void socketWithoutAPeerIsNone() {
        Descriptor lonely = Libc.packetSocket();

        assertThat(Sockets.isPacketSocket(lonely)).isFalse();
        lonely.close();
    }

    @Test
    void otherDescriptorsAreNone() {
        Event event = new Event();

        assertThat(Sockets.isPacketSocket(event.descriptor())).isFalse();
        event.descriptor().close();
    }
}
