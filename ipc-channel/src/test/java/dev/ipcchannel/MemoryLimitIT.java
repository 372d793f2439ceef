package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.MemoryCgroup;
import dev.ipcchannel.testing.children.FullHeapChild;
import dev.ipcchannel.testing.children.HoardingBytesChild;
import dev.ipcchannel.testing.children.LackingChild;
import dev.ipcchannel.testing.children.SmallHeapChild;
import dev.ipcchannel.testing.children.SpillingChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The failures of processes with a low limit of memory, with their remedies.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryLimitIT {

    @RegisterExtension
    final Children children = new Children();

    /// The kernel sends SIGXFSZ as well, which ends a process that does not ignore it; a JVM does.
    @Test
    void messageLongerThanAFileMayBeIsRefusedAndTheChannelGoesOn() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        ChildJvm child = children.command()
                .under("prlimit", "--fsize=" + SpillingChild.LIMIT).piped()
                .start(SpillingChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).hasSize(2);
        assertThat(child.captured().lines().getFirst()).contains("EFBIG", "ulimit -f");
        assertThat(child.captured().lines().getLast())
                .isEqualTo("received " + SpillingChild.LIMIT);
    }

    /// Without a check, the kernel would kill the process.
    @Test
    void processInAMemoryCgroupGetsTheReasonAndRecovers() throws Exception {
        long limit = 320 << 20;
        try (MemoryCgroup cgroup = MemoryCgroup.limitedTo(limit)) {
            ChildJvm child = children.command().under(cgroup.command()).flags("-Xmx64m").piped()
                    .start(HoardingBytesChild.class);

            child.awaitExit(0);

            List<String> lines = child.captured().lines();
            assertThat(lines).hasSize(3);
            assertThat(Integer.parseInt(lines.get(0))).as("blocks of 16 MiB").isBetween(4, 19);
            assertThat(lines.get(1)).contains("ENOMEM", "limit=/sys/fs/cgroup", "ipct-",
                    "give the machine or the container more memory");
            assertThat(lines.get(2)).isEqualTo(HoardingBytesChild.RECOVERED);
        }
    }

    @Test
    void messageLongerThanTheHeapIsLostAndTheChannelGoesOn() throws Exception {
        ChildJvm child = children.command().flags("-Xmx32m").piped().start(SmallHeapChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).hasSize(2);
        assertThat(child.captured().lines().getFirst())
                .contains("length=" + SmallHeapChild.LENGTH, "-Xmx");
        assertThat(child.captured().lines().getLast())
                .isEqualTo("read in place " + SmallHeapChild.LENGTH);
    }

    /// One method after another: each fails with the reason, and later messages are not lost.
    @Test
    void everyVerbThatHasNoHeapForAMessageSaysSoAndTheChannelGoesOn() throws Exception {
        ChildJvm child = children.command().flags("-Xmx32m").piped().start(FullHeapChild.class);

        child.awaitExit(0);

        List<String> lines = child.captured().lines();
        assertThat(lines.stream().filter(line -> !line.contains("goes on: ")
                && !line.contains("stay: "))).hasSize(17)
                .allSatisfy(
                        line -> assertThat(line).contains(": " + ResourceExhausted.class.getName(),
                                "heap", "-Xmx"));
        assertThat(lines.stream().filter(line -> line.contains("goes on: ")))
                .hasSize(10).allSatisfy(line -> assertThat(line).matches(".*: [1b]"));
        assertThat(lines).contains("shared bytes stay: " + 2L * FullHeapChild.LENGTH);
    }

    @Test
    void senderThatCannotBeMadeForLackOfHeapLeavesNoSocket() throws Exception {
        ChildJvm child = children.command().piped().start(LackingChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).hasSize(9)
                .allSatisfy(line -> assertThat(line).endsWith("left=0").doesNotContain("made"));
    }
}
