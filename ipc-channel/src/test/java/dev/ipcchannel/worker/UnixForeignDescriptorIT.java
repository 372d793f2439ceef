package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Lingers;
import dev.ipcchannel.testing.children.LingeringWorkerChild;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.transport.UnixTalk;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A worker that sends its parent a descriptor whose last close waits, and ends.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixForeignDescriptorIT {

    private static final int CALLS = 500;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void otherWorkersAnswerAndTheSetClosesWhileTheCloseWaits() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            try (WorkerSet<String, String> workers = WorkerSet.builder(String.class, String.class)
                    .worker(WorkerSetContract.child(LingeringWorkerChild.class, Transport.unix()))
                    .workerCount(2).start()) {
                Path file = children.directory().resolve("sent");
                List<CompletableFuture<String>> job = new ArrayList<>();
                // The last close has to be the parent's, so it must not read at once.
                UnixTalk.whileTheLoopIsHeld(() -> {
                    job.add(workers.send(deaf.getLocalPort() + " " + file));
                    WorkerSetContract.awaitFile(file);
                });
                assertThat(job.getFirst()).failsWithin(Children.PATIENCE).withThrowableThat()
                        .havingCause()
                        .isInstanceOf(WorkerDied.class);
                Lingers.awaitClosing(deaf.getLocalPort());
                for (int i = 0; i < CALLS; i++) {
                    assertThat(workers.send("job " + i)).succeedsWithin(Children.PATIENCE)
                            .isEqualTo("job " + i);
                }
            }
            assertThat(Lingers.isClosing(deaf.getLocalPort())).isTrue();
        }
    }
}
