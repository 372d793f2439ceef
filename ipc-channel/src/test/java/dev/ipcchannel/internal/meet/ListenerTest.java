package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A listener that cannot accept: it looks again on one thread at a time, however many clients
/// come.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerTest {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void ofManyLooksThatFailOneIsRepeatedAtATime() throws Exception {
        Path path = children.directory().resolve("listener");
        Listener listener = Listener.open("words", path.toString(), Sockets::hangUp);
        for (int i = 0; i < 50; i++) {
            listener.lookAgain(); // as each signal does that comes while nothing can be accepted
        }

        assertThat(retries()).isLessThanOrEqualTo(1);
        await().atMost(Children.PATIENCE).until(() -> retries() == 0);

        await().atMost(Children.PATIENCE).until(() -> { // once it is over, the next one begins
            listener.lookAgain();
            return retries() == 1;
        });
        listener.close();
        Files.delete(path);
        await().atMost(Children.PATIENCE).until(() -> retries() == 0);
    }

    private long retries() throws IOException {
        Path dump = children.directory().resolve("threads.json");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(
                dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        try {
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.contains("\"" + Listener.RETRY + "\"")).count();
        } finally {
            Files.delete(dump);
        }
    }
}
