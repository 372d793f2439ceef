package dev.ipcchannel.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A transport that is not the library's, between a set and its workers.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopbackTransportIT {

    @RegisterExtension
    final Children children = new Children();

    /// The JDK keeps a socket of its own from the first one that is closed.
    @BeforeAll
    static void closeASocket() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    private static WorkerSet<Work, String> start(int count) throws InterruptedException {
        return WorkerSet.builder(Work.class, String.class)
                .worker(ChildJvm.of(LoopbackChild.class).shortLived().noClassArchive()
                        .output(Output.capture()).errors(Output.capture()))
                .transport(new LoopbackTransport()).workerCount(count).start();
    }

    @Test
    void jobsAreDoneByAnotherProcess() throws Exception {
        List<String> parts = new ArrayList<>();
        try (WorkerSet<Work, String> workers = start(1)) {
            assertThat(workers.call(new Work.Echo("hello"))).isEqualTo("hello");
            assertThat(workers.job(new Work.Count(200)).onPart(parts::add).call())
                    .isEqualTo("the end");
            assertThat(parts).hasSize(200).endsWith("199");
            assertThatThrownBy(() -> workers.call(new Work.Fail(Work.Way.UNSENDABLE)))
                    .isInstanceOf(CallFailed.class);
            assertThat(workers.call(new Work.Echo("again"))).isEqualTo("again");
        }
    }

    @Test
    void deathOfAWorkerIsSeenAndItIsReplaced() throws Exception {
        try (WorkerSet<Work, String> workers = start(1)) {
            assertThatThrownBy(() -> workers.call(new Work.Leave(3)))
                    .isInstanceOf(WorkerDied.class).hasMessageContaining("exit=3");
            assertThat(workers.call(new Work.Echo("again"))).isEqualTo("again");
        }
    }
}
