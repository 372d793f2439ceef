package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.Children;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A set of workers in a process that may start no more threads: what its own threads would do is
/// done all the same, also where the thread that does it waits for the rest of it.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrowdedSetIT {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void listenerClosesTheSetWhereNoThreadCanBeStarted() throws Exception {
        assertSaid("close", "closed, workers=0, by the ipc-channel worker timer");
    }

    @Test
    void listenerRestartsTheSetWhereNoThreadCanBeStarted() throws Exception {
        assertSaid("restart", "tried to restart, by the ipc-channel worker timer");
    }

    private void assertSaid(String verb, String said) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        var host = children.command().under("prlimit", "--as=8000000000:8000000000").piped()
                .flags("-Xlog:disable", "-XX:-UseDynamicNumberOfCompilerThreads",
                        "-XX:-UseDynamicNumberOfGCThreads", "-Xss256m", "-Xmx64m",
                        "-XX:CompressedClassSpaceSize=32m",
                        "-XX:ReservedCodeCacheSize=32m")
                .start(CrowdedHost.class, verb);

        host.awaitExit(0);

        assertThat(host.captured().lines()).containsExactly(said);
    }
}
