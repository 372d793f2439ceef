package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.BreakingChild;
import dev.ipcchannel.testing.children.CrowdedParent;
import dev.ipcchannel.testing.children.FailingChild;
import dev.ipcchannel.testing.children.LateParent;
import dev.ipcchannel.testing.children.MistakenChild;
import dev.ipcchannel.testing.children.ObedientChild;
import dev.ipcchannel.testing.children.PoorKiller;
import dev.ipcchannel.testing.children.PoorParent;
import dev.ipcchannel.worker.WorkerSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The failures of started children, each in one sentence with the remedy, after which the child is
/// gone.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildErrorsIT {

    private static final ChildJvm CHILD = ChildJvm.of(ObedientChild.class);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void childConnectsOnce() throws Exception {
        try (ChildLink<String, String> child = CHILD.output(Output.capture())
                .start(String.class, String.class)) {
            child.send("show parent");

            assertThat(child.receive(Children.PATIENCE)).isEqualTo("this process has connected with"
                    + " its parent already: ChildJvm.parent or Worker.connect is called once: keep"
                    + " what it returns");
        }
    }

    @Test
    void childEndsAtOnce() {
        ChildJvm failing =
                ChildJvm.of(FailingChild.class).arguments("word").errors(Output.capture());

        assertThatThrownBy(() -> failing.start(String.class, String.class))
                .isInstanceOfSatisfying(ChildFailed.class, failed -> assertThat(failed.report())
                        .satisfies(report -> {
                            assertThat(report.exitCode()).hasValue(FailingChild.EXIT_CODE);
                            assertThat(report.errorLines()).containsExactly("first complaint",
                                    "last complaint");
                        }))
                .hasMessageMatching("(?s)the child ended before it connected: "
                        + "child=" + FailingChild.class.getName()
                        + " word: pid=\\d+, uptime=[\\d.]+ m?s, exit=7, error lines:\n"
                        + "    first complaint\n    last complaint");
    }

    @Test
    void whatNoChildCanHaveIsRefusedByItsValue() {
        assertThatThrownBy(() -> CHILD.startTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("=0 s, limit=");
        assertThatThrownBy(() -> CHILD.grace(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("grace must not be negative: grace=-1 ms, limit=0 s");
        for (String name : new String[]{"", "A=B", "A\0"}) {
            assertThatThrownBy(() -> CHILD.environment(name, "value"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a variable's name is not empty");
        }
        assertThatThrownBy(() -> CHILD.environment("NAME", "\0"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("name=NAME");
    }

    @Test
    void childNeverConnects() {
        ChildJvm silent = ChildJvm.of(MistakenChild.class).arguments("silent")
                .errors(Output.capture()).startTimeout(Duration.ofMillis(700));

        assertThatThrownBy(() -> silent.start(String.class, String.class))
                .isInstanceOfSatisfying(TimedOut.class, late -> assertThat(late.report())
                        .satisfies(report -> {
                            assertThat(report.threadDump()).contains("\"main\"");
                            assertThat(report.exitCode()).isEmpty();
                        }))
                .hasMessageContainingAll("the child did not connect within the time given: "
                        + "timeout=700 ms, child=" + MistakenChild.class.getName() + " silent: ",
                        "raise startTimeout: pid=", ", running, main thread:\n",
                        "MistakenChild.main");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void childMeansOtherTypes() {
        ChildJvm mistaken = ChildJvm.of(MistakenChild.class).errors(Output.capture());

        assertThatThrownBy(() -> mistaken.start(String.class, String.class))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageMatching("the child means other types than this program: child="
                        + MistakenChild.class.getName() + ", pid=\\d+: messages: String here,"
                        + " Integer in the child: give both sides the same one");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void programThatNeverConnectsIsReportedWithTheRemedy() {
        ChildJvm program = ChildJvm.ofCommand("sh", "-c", "exit 0");

        assertThatThrownBy(() -> program.start(String.class, String.class))
                .isInstanceOf(ChildFailed.class)
                .hasMessageContaining("child=sh -c exit 0: see that it calls ChildJvm.parent,"
                        + " or is in another language and connects to the address in its variable"
                        + " IPC2_SOCKET_PATH (docs/wire-format.md), or start it by start(), which"
                        + " expects no connection: pid=");
    }

    @Test
    void adviceIsForTheConversationThatTheParentHasBegun() {
        ChildJvm program = ChildJvm.ofCommand("sh", "-c", "exit 0");

        assertThatThrownBy(() -> program.startCaller(String.class, String.class))
                .isInstanceOf(ChildFailed.class)
                .hasMessageMatching(".*: see that it calls ChildJvm\\.responder, or is in another"
                        + " language [^,]+\\(docs/wire-format\\.md\\): pid=.*");
        assertThatThrownBy(() -> WorkerSet.builder(String.class, String.class).worker(program)
                .workerCount(1).start())
                .isInstanceOf(ChildFailed.class)
                .hasMessageMatching(".*: see that it calls Worker\\.serve or Worker\\.connect, or"
                        + " is in another language [^,]+\\(docs/wire-format\\.md\\): pid=.*");
    }

    @Test
    void whatIsNoClassIsNotStarted() {
        assertThatThrownBy(() -> ChildJvm.of(""))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("a child runs the main of"
                        + " a class: mainClass='' is blank: name the class");
        for (Class<?> none : new Class<?>[]{int.class, String[].class}) {
            assertThatThrownBy(() -> ChildJvm.of(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a child runs the main of a class: main=" + none.getTypeName()
                            + " is none: name the class");
        }
    }

    @Test
    void workerMeansOtherTypes() {
        ChildJvm worker = ChildJvm.of(BreakingChild.class).errors(Output.capture());

        assertThatThrownBy(() -> WorkerSet.builder(Long.class, String.class).worker(worker)
                .workerCount(1).start())
                .isInstanceOf(TypeMismatch.class).hasNoCause()
                .hasMessageMatching("the child means other types than this program: child="
                        + BreakingChild.class.getName() + ", pid=\\d+: jobs: Long here,"
                        + " String in the worker: give both sides the same one;"
                        + " are the two classes the wrong way round\\?");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void thisProgramIsNoChild() {
        assertThat(ChildJvm.isChild()).isFalse();
        assertThatThrownBy(() -> ChildJvm.parent(String.class, String.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no parent has started this program, which does the part of a child"
                        + " or a worker: start its parent, which starts this by ChildJvm or a"
                        + " WorkerSet, or ask ChildJvm.isChild() before where one program does both"
                        + " parts (Socket environment variable not set:"
                        + " variable=IPC2_SOCKET_PATH)");
    }

    @Test
    void parentHasAnotherTransport() throws Exception {
        try (ChildProcess child = CHILD.environment("IPC_CHANNEL_CHILD", "pigeons")
                .environment("IPC2_SOCKET_PATH", "/nowhere").errors(Output.capture()).start()) {

            assertThat(child.awaitExit(Children.PATIENCE)).isOne();

            assertThat(child.output().errorLines().getFirst())
                    .endsWith("the parent has a transport "
                            + "that is not the library's: transport=pigeons: give the same one"
                            + " here");
        }
    }

    @Test
    void parentMayOpenNoMoreFiles() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        var parent = children.command().under("prlimit", "--nofile=64:64").piped()
                .start(PoorParent.class);

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).hasSize(2).allSatisfy(line -> assertThat(line)
                .startsWith("ResourceExhausted: ").contains("ulimit -n")
                .doesNotContain("\\u000a", "Possible reasons"));
    }

    @Test
    void childIsKilledThoughItsParentMayOpenNoMoreFiles() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        var parent = children.command().under("prlimit", "--nofile=64:64").piped()
                .start(PoorKiller.class);

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).containsExactly("it has ended");
    }

    @Test
    void childIsKilledWhoseParentMayStartNoThreadsForIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        var parent = children.command().under("prlimit", "--as=8000000000:8000000000").piped()
                .flags("-Xlog:disable", "-Xss256m", "-Xmx64m", "-XX:CompressedClassSpaceSize=32m",
                        "-XX:ReservedCodeCacheSize=32m")
                .start(CrowdedParent.class);

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).singleElement().asString()
                .startsWith("the child cannot be started, since no more threads may be started,"
                        + " which would see to it: limit=");
    }

    @ParameterizedTest
    @CsvSource({"PROCESS, true", "PROCESS, false", "CHILD, true", "CHILD, false", "SET, true",
        "SET, false"})
    void noChildIsStartedAsItsParentGoesDown(LateParent.What what, String isFirst)
            throws Exception {
        var parent =
                children.command().piped().start(LateParent.class, what.name(), isFirst);

        parent.awaitExit(0);

        assertThat(parent.captured().lines()).containsExactly(
                "the child cannot be started, since this JVM goes down");
    }

    @Test
    void heapIsTooSmall() {
        assertThatThrownBy(() -> CHILD.heap(1000)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a heap has at least 2 MiB: bytes=1000, limit=2097152");
    }
}
