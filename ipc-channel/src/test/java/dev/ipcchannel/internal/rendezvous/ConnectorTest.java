package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client that waits where more connections than a server's queue has room for came first.
@Timeout(120)
class ConnectorTest {

    private static final Duration WAIT = Duration.ofMillis(300); // in vain
    private static final int RESTS = 5;

    @TempDir
    Path base;

    private final List<Descriptor> open = Collections.synchronizedList(new ArrayList<>());
    private String name = "";

    @BeforeEach
    void fillTheQueue() throws IOException {
        Path directory = Files.createDirectory(
                base.resolve(ServerDirectory.PREFIX + "0".repeat(32)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        name = directory.resolve("server").toString();
        open.add(Sockets.listen(name));
        try {
            while (true) {
                open.add(Sockets.connect(name, Deadline.after(Duration.ZERO)));
            }
        } catch (PosixException full) {
            assertThat(full.errno()).isEqualTo(Errno.EAGAIN);
        }
    }

    @AfterEach
    void close() {
        open.forEach(Descriptor::close);
    }

    @Test
    void queueThatStaysFullIsNamedAsSuch() {
        assertThatThrownBy(connecting()).isInstanceOfSatisfying(RendezvousException.class,
                failure -> assertThat(failure.kind())
                        .isEqualTo(RendezvousException.Kind.QUEUE_FULL))
                .hasMessageContaining(name);
    }

    /// A thread that does not sleep is never seen asleep, however long one looks.
    @Test
    void interruptedThreadRestsBetweenItsAttemptsAndStaysInterrupted() throws Exception {
        Waits<Boolean> client = Waits.in(() -> {
            Thread.currentThread().interrupt();
            open.add(Sockets.connect(name, Deadline.NEVER));
            return Thread.interrupted();
        });
        for (int i = 0; i < RESTS; i++) {
            Waits<Boolean> _ = client.asleep();
        }

        makeRoom();

        assertThat(client.value()).as("is interrupted").isTrue();
    }

    @Test
    void clientThatWaitsGetsInOnceThereIsRoom() throws Exception {
        Waits<Descriptor> client = Waits.in(() -> Sockets.connect(name, Deadline.NEVER)).asleep();

        makeRoom();

        open.add(client.value());
        assertThat(Sockets.isPacketSocket(client.value())).isTrue();
    }

    private void makeRoom() {
        Descriptor accepted = Sockets.accept(open.getFirst());
        assertThat(accepted).isNotNull();
        open.add(accepted);
    }

    private ThrowingCallable connecting() {
        return () -> Connector.connect(name, new LaneSettings(4096, 0, 1 << 30, ""),
                Deadline.after(WAIT));
    }
}
