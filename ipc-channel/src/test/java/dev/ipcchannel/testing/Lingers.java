package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/// The kernel's table of TCP connections on this machine whose close blocks, see [Libc#lingering].
public final class Lingers {

    /// How long a close blocks, in seconds: longer than any test waits.
    public static final int SECONDS = 60;

    private static final String FIN_WAIT_1 = "04"; // closed on this side, not yet acknowledged

    private Lingers() {}

    /// Waits until the close of the connection to `port` has begun, and asserts that it blocks.
    public static void awaitClosing(int port) {
        await("a close that waits: port=" + port).atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(isClosing(port)).isTrue());
    }

    /// Whether the connection to `port` has been closed by the side whose close blocks.
    public static boolean isClosing(int port) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/tcp"))) {
            String remote = ":%04X %s ".formatted(port, FIN_WAIT_1);
            return lines.anyMatch(line -> line.contains(remote));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
