package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The detection of a test's leftovers, which do not include those of a tool that inspects tests.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TracesTest {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void socketThatIsLeftHasItsPath() throws Exception {
        Path path = children.directory().resolve("socket");
        Traces before = Traces.now(List.of());
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            assertThat(Traces.now(List.of()).beyond(before).keySet()).singleElement().asString()
                    .startsWith("descriptor: socket:[").endsWith(", of a stream, path=" + path);
            try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    SocketChannel _ = listener.accept()) {
                assertThat(Traces.now(List.of()).beyond(before).keySet())
                        .filteredOn(line -> line.endsWith(", of a stream, path=" + path))
                        .hasSize(2);
            }
        }
        assertThat(Traces.now(List.of()).beyond(before)).isEmpty();
    }

    /// For instance, a JVM listens from its first thread dump on.
    @Test
    void toolThatLooksAtTheTestsLeavesNothingOfTheirs() throws Exception {
        Process tool = new ProcessBuilder(Children.JAVA.resolveSibling("jcmd").toString(),
                String.valueOf(ProcessHandle.current().pid()), "VM.version")
                .redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
        assertThat(tool.waitFor()).isZero();
        assertThat(Path.of("/tmp/.java_pid" + ProcessHandle.current().pid())).exists();

        children.awaitNothingLeft();
    }
}
