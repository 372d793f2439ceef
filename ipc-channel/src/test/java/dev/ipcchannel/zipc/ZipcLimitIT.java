package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ZipcChild;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A process with a limit of file length below that of a queue.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcLimitIT {

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();
    @RegisterExtension
    final Children children = new Children();

    @Test
    void fileThatIsLongerThanTheProcessMayMakeIsNotCalledALackOfMemory() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        ChildJvm child = children.command().under("prlimit", "--fsize=1000").piped()
                .start(ZipcChild.class);
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("up");
        child.process().getOutputStream()
                .write(("sender " + queue.name() + "\n").getBytes(StandardCharsets.UTF_8));
        child.process().getOutputStream().flush();

        assertThat(child.captured().readLine(Children.PATIENCE))
                .startsWith("ResourceExhausted: zipc queue " + queue.name()
                        + " cannot be opened: 16 slots of 200 bytes take 3460 bytes: no file may be"
                        + " so long there, or of this process: ")
                .contains("EFBIG (27)").endsWith(": raise the limit (ulimit -f), or open the queue"
                        + " with smaller sizes");
        child.cue();
        child.awaitExit(0);
        assertThat(queue.file()).doesNotExist();
    }
}
