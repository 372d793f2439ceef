package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.ChildReport.Cause.Kind;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.DevouringChild;
import dev.ipcchannel.testing.children.LimitedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The memory limit of a child: what holds it, what is said of a child that wants more, and that no
/// cgroup is left.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildMemoryIT {

    private static final long LIMIT = 64 << 20;
    private static final int MAX_DEPTH = 12;
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    @RegisterExtension
    final Children children = new Children();

    @AfterEach
    void noCgroupIsLeft() throws IOException {
        assertThat(folders(ProcessHandle.current().pid())).isEmpty();
    }

    private static ChildJvm devouring(String... arguments) {
        return ChildJvm.of(DevouringChild.class).arguments(arguments).memoryLimit(LIMIT)
                .noClassArchive().output(Output.capture()).errors(Output.capture());
    }

    private static ChildReport end(ChildJvm plan) throws InterruptedException {
        try (ChildProcess child = plan.start()) {
            int _ = child.awaitExit(Duration.ofMinutes(1));
            return child.report();
        }
    }

    /// The cgroups that a process has made for its children, wherever they are.
    private static List<Path> folders(long pid) throws IOException {
        try (Stream<Path> all = Files.find(CGROUPS, MAX_DEPTH, (path, attributes) -> attributes
                .isDirectory()
                && path.getFileName().toString()
                        .matches("ipc-channel-\\d+-" + pid + "-\\d+-\\d+"))) {
            return all.toList();
        }
    }

    private static void assumeCgroup(ChildReport report) {
        assumeTrue(report.memoryLimit().equals(LIMIT + " held by a cgroup"),
                "no memory cgroup may be made here: " + report.memoryLimit());
    }

    @Test
    void childThatUsesMoreNativeMemoryIsKilledByTheKernelWhichTheReportSays() throws Exception {
        ChildReport report = end(devouring("native"));

        assumeCgroup(report);
        assertThat(report.cause().kind()).isEqualTo(Kind.KILLED_FOR_MEMORY);
        assertThat(report).asString().contains("exit=137 (SIGKILL): killed by the kernel for lack"
                + " of memory: limit=" + LIMIT + ", peak=", "memoryLimit=" + LIMIT + " held by");
    }

    @Test
    void conversationWithAChildKilledForMemoryEndsWithThatCause() throws Exception {
        try (ChildLink<String, String> child = devouring("native", "connect")
                .start(String.class, String.class)) {
            assertThat(child.receive()).isEqualTo("connected");
            assumeCgroup(child.process().report());
            child.send("go on");

            assertThatThrownBy(child::receive).isInstanceOfSatisfying(Disconnected.class,
                    gone -> {
                        ChildReport report = gone.report();
                        assertThat(report).isNotNull();
                        assertThat(report.cause().kind()).isEqualTo(Kind.KILLED_FOR_MEMORY);
                    }).hasMessageContaining(": killed by the kernel for lack of memory:"
                            + " limit=" + LIMIT + ", peak=");
        }
    }

    @ParameterizedTest
    @CsvSource({"heap, OUT_OF_MEMORY, its JVM was out of heap",
        "direct, OUT_OF_MEMORY, its JVM was out of direct memory",
        "stack, STACK_OVERFLOW, the stack of its main thread was full"})
    void lackInsideAJvmIsNamed(String memory, Kind kind, String words) throws Exception {
        ChildReport report = end(devouring(memory));

        assertThat(report.cause().kind()).as("%s", report).isEqualTo(kind);
        assertThat(report).asString().contains("exit=1: " + words);
    }

    @Test
    void threadsCountForTheLimit() throws Exception {
        ChildReport report = end(devouring("threads"));

        assertThat(report.cause().kind()).as("%s", report)
                .isIn(Kind.KILLED_FOR_MEMORY, Kind.OUT_OF_MEMORY);
    }

    @ParameterizedTest
    @CsvSource({"threads, its JVM was out of threads", "native, its JVM was out of native memory"})
    void childOfAUserWithoutCgroupsIsHeldByALimitOfItsData(String memory, String words)
            throws Exception {
        var host = children.command().under(OtherUser.command()).piped()
                .start(LimitedHost.class, memory);

        host.awaitExit(0);

        assertThat(host.captured().lines()).singleElement().asString()
                .contains(words, "memoryLimit=" + LIMIT + " held by RLIMIT_DATA=");
    }

    @Test
    void anotherProgramIsHeldAsWell() throws Exception {
        ChildReport report = end(ChildJvm.ofCommand("tail", "/dev/zero").memoryLimit(16 << 20)
                .errors(Output.capture()));

        assumeTrue(report.memoryLimit().endsWith("held by a cgroup"), report.memoryLimit());
        assertThat(report.cause().kind()).as("%s", report).isEqualTo(Kind.KILLED_FOR_MEMORY);
    }

    @Test
    void cgroupThatAKilledParentHasLeftIsRemovedByTheNextStart() throws Exception {
        var host = children.command().piped().start(LimitedHost.class, "heap", "wait");
        String line = String.valueOf(host.captured().readLine(Duration.ofMinutes(1)));
        assertThat(line).startsWith("connected");
        assumeTrue(line.contains("held by a cgroup"), line);
        List<Path> left = folders(host.pid());
        assertThat(left).hasSize(1);

        host.kill();
        await("its child has ended").atMost(Children.PATIENCE).until(
                () -> Files.readString(left.getFirst().resolve("cgroup.procs")).isEmpty());
        assertThat(folders(host.pid())).isEqualTo(left);

        assertThat(end(ChildJvm.ofCommand("true")).exitCode()).hasValue(0);
        assertThat(folders(host.pid())).isEmpty();
    }

    @Test
    void daemonInTheCgroupOfAChildIsKilledWithItAndTheCgroupRemoved() throws Exception {
        try (ChildProcess child = ChildJvm.ofCommand("sh", "-c", "setsid sleep 1000 & echo on")
                .memoryLimit(16 << 20).output(Output.capture()).start()) {
            assertThat(child.output().readLine(Duration.ofMinutes(1))).isEqualTo("on");
        }
    }

    @Test
    void limitBeyondTheMachineIsRefusedWithBothFigures() {
        assertThatThrownBy(() -> devouring("heap").memoryLimit(1L << 50).start())
                .isInstanceOf(ChildFailed.class)
                .hasMessageMatching("the child cannot be started: its limit is more than there is:"
                        + " memoryLimit=1125899906842624, limit=\\d+ by /.*: lower memoryLimit,"
                        + " or give the machine or the container more");
    }

    @Test
    void heapThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> devouring("heap").jvmOptions("-Xmx60m").start())
                .isInstanceOf(ChildFailed.class)
                .hasMessage("the child cannot be started: its heap and direct memory do not fit in"
                        + " its limit, of which a JVM needs 24 MiB for the rest: heap=62914560,"
                        + " direct=4194304, memoryLimit=67108864: raise memoryLimit, or lower heap,"
                        + " -Xmx or -XX:MaxDirectMemorySize");
    }
}
