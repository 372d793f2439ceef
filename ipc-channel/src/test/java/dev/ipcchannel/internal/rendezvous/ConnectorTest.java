package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.lane.LaneSettings;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client behind more connections than a server's queue has room for.
@Timeout(30)
class ConnectorTest {

    private static final Duration WAIT = Duration.ofMillis(300);

    @TempDir
    Path base;

    private final List<Descriptor> open = new ArrayList<>();
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
    void queueThatStaysFullIsToldAsSuch() {
        assertThatThrownBy(connecting()).isInstanceOfSatisfying(RendezvousException.class,
                failure -> assertThat(failure.kind())
                        .isEqualTo(RendezvousException.Kind.QUEUE_FULL))
                .hasMessageContaining(name);
    }

    @Test
    void interruptedThreadSleepsBetweenItsAttemptsAndStaysInterrupted() {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Thread.currentThread().interrupt();

        assertThatThrownBy(connecting()).isInstanceOf(RendezvousException.class);

        assertThat(Thread.interrupted()).isTrue();
        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(used).as("processor time").isLessThan(WAIT.toNanos() / 2);
    }

    @Test
    void clientGetsInAsSoonAsThereIsRoom() {
        Descriptor accepted = Sockets.accept(open.getFirst());

        assertThat(accepted).isNotNull();
        open.add(accepted);
        Descriptor client = Sockets.connect(name, Deadline.after(WAIT));
        open.add(client);
        assertThat(Sockets.isPacketSocket(client)).isTrue();
    }

    private ThrowingCallable connecting() {
        return () -> Connector.connect(name, new LaneSettings(4096, 0, 1 << 30, ""),
                Deadline.after(WAIT));
    }
}
