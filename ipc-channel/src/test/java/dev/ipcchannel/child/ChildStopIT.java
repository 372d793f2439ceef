package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Leftovers;
import dev.ipcchannel.testing.children.LeavingParent;
import dev.ipcchannel.testing.children.ObedientChild;
import dev.ipcchannel.testing.children.OrphanChild;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Stops of a child: it is asked to end, waited for, and killed with all that it has started. Shell
/// commands serve as most children.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildStopIT {

    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final int KILLED = 128 + 9;
    private static final int TERMINATED = 128 + 15;
    private static final int STARTS = 50;
    private static final int STARTS_OF_JVMS = 5;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void childEndsByItselfWhereItListens() {
        ChildProcess child = start("trap 'exit 4' TERM; echo ready; while :; do sleep 0.01; done");
        readLines(child, 1);

        child.stop(FOR_EVER);

        assertThat(child.process().exitValue()).isEqualTo(4);
        child.close(); // nothing to do
    }

    @Test
    void lastLinesOfAChildThatIsAskedToEndAreRead() throws Exception {
        ChildProcess child = start("trap 'echo bye; echo last words >&2; exit 4' TERM; echo ready; "
                + "while :; do sleep 0.01; done");
        readLines(child, 1);

        child.stop(FOR_EVER);

        assertThat(child.awaitExit(Children.PATIENCE)).isEqualTo(4);
        assertThat(child.output().lines()).containsExactly("ready", "bye");
        assertThat(child.report().errorLines()).containsExactly("last words");
    }

    @Test
    void commandThatDoesNotMindEndsBySigterm() {
        ChildProcess child = ChildJvm.ofCommand("sleep", "1000").grace(FOR_EVER).start();

        child.close();

        assertThat(child.process().exitValue()).isEqualTo(TERMINATED);
        assertThat(child).hasToString(
                "ChildProcess[pid=%d, exit=143 (SIGTERM)]".formatted(child.pid()));
    }

    @Test
    void childThatDoesNotListenIsKilledWithAllBelow() {
        ChildProcess child = start("""
                trap '' TERM
                sh -c 'echo $$; sleep 1000 & echo $!; wait' &
                sleep 1000 &
                echo $!
                while :; do wait; done
                """);
        List<ProcessHandle> below = readPids(child, 3);

        child.stop(MOMENT);

        assertThat(child.process().exitValue()).isEqualTo(KILLED);
        assertThat(below).noneMatch(Leftovers::isRunning);
    }

    @Test
    void processesThatOutliveAChildAreKilled() {
        ChildProcess child = start("""
                sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done' &
                wait
                """);
        List<ProcessHandle> below = readPids(child, 1);

        child.stop(FOR_EVER);

        assertThat(child.process().exitValue()).isEqualTo(TERMINATED);
        assertThat(below).noneMatch(Leftovers::isRunning);
    }

    @Test
    void daemonsOfAChildThatHasLongEndedAreKilled() throws Exception {
        ChildProcess child = start("""
                (setsid sh -c 'trap "" TERM HUP; echo $$; sleep 1000 & echo $!
                    while :; do sleep 0.1; done' &)
                read _
                exit 0
                """);
        List<ProcessHandle> daemons = readPids(child, 2);
        child.process().getOutputStream().close();
        assertThat(child.process().waitFor()).isZero();
        assertThat(daemons).allMatch(Leftovers::isRunning);

        child.close();

        assertThat(daemons).noneMatch(Leftovers::isRunning);
    }

    @Test
    void otherChildrenAreLeftAlone() {
        try (ChildProcess other = ChildJvm.ofCommand("sleep", "1000").start()) {
            start("sleep 1000").kill();

            assertThat(other.isAlive()).isTrue();
        }
    }

    @Test
    void childThatCannotBeAskedIsKilled() {
        ChildProcess child = start("sleep 1000");

        assertThatThrownBy(() -> child.stop(FOR_EVER, () -> {
            throw new IllegalStateException("broken");
        })).hasMessage("broken");

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void interruptEndsTheGraceAndStays() {
        ChildProcess child = start("trap '' TERM; echo ready; while :; do sleep 0.01; done");
        readLines(child, 1);
        Thread.currentThread().interrupt();

        child.stop(FOR_EVER);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(child.process().exitValue()).isEqualTo(KILLED);
    }

    @Test
    void childThatDoesNotEndInTimeIsReportedWithItsThreads() throws Exception {
        try (ChildLink<String, String> child =
                ChildJvm.of(ObedientChild.class).output(Output.capture())
                        .start(String.class, String.class)) {

            assertThatThrownBy(() -> child.process().awaitExit(MOMENT))
                    .isInstanceOfSatisfying(TimedOut.class, late -> assertThat(late.report())
                            .satisfies(report -> {
                                assertThat(report.threadDump()).contains("\"main\"",
                                        "ObedientChild");
                                assertThat(report.exitCode()).isEmpty();
                                assertThat(report.pid()).isEqualTo(child.process().pid());
                            }))
                    .hasMessageContainingAll("timeout=50 ms", ", running, main thread:\n",
                            "at dev.ipcchannel.testing.children.ObedientChild.main");

            child.link().close(); // ends the conversation: the child exits in order
            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
        }
    }

    @Test
    void killedChildLeavesNoSocketOfItsThreadDump() throws Exception {
        try (ChildLink<String, String> child =
                ChildJvm.of(ObedientChild.class).start(String.class, String.class)) {
            Path socket = Path.of("/tmp/.java_pid" + child.process().pid());
            assertThat(child.process().reportWithThreads().threadDump()).contains("\"main\"");
            assertThat(socket).exists();

            child.process().kill();

            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void attachSocketOfAnotherProcessOfThatNumberStays(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("socket");
        AttachSocket other = new AttachSocket(path, "another file");
        try (ServerSocketChannel listening =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(path));
            other.remove();
            assertThat(path).exists();

            new AttachSocket(path, Files.readAttributes(path, BasicFileAttributes.class).fileKey())
                    .remove();
            assertThat(path).doesNotExist();
        }
        Files.writeString(path, "no socket");
        new AttachSocket(path, Files.readAttributes(path, BasicFileAttributes.class).fileKey())
                .remove();
        assertThat(path).exists();
    }

    @Test
    void stoppedChildIsReportedAsOne() throws Exception {
        ChildProcess child = start("echo ready; exec sleep 1000");
        readLines(child, 1);
        assertThat(
                new ProcessBuilder("kill", "-STOP", Long.toString(child.pid())).start().waitFor())
                .isZero();
        await("the child is stopped").atMost(Children.PATIENCE).pollInterval(MOMENT)
                .until(() -> ProcessTree.state(child.pid()) == 'T');

        assertThat(ThreadDump.take(child.process(), JavaRuntime.own().java()))
                .isEqualTo("(no thread dump: the process is stopped, by SIGSTOP or a debugger)");

        child.kill();
        assertThat(child.process().exitValue()).isEqualTo(KILLED);
    }

    @Test
    void threadDumpThatCannotBeHadSaysWhy() throws Exception {
        ChildProcess child = start("exec sleep 1000");

        assertThat(ThreadDump.take(child.process(), Path.of("/nowhere/java")))
                .isEqualTo("(no thread dump: there is no jcmd beside its java: "
                        + "jcmd=/nowhere/jcmd)");

        child.close();
        assertThat(ThreadDump.take(child.process(), JavaRuntime.own().java()))
                .isEqualTo("(no thread dump: the process has ended)");
    }

    @Test
    void jvmThatCannotBeStoppedIsReportedWithoutItsThreadsAndKilled() throws Exception {
        try (ChildLink<String, String> child = ChildJvm.of(OrphanChild.class)
                .jvmOptions(OrphanChild.unstoppable()).directory(children.directory())
                .arguments(OrphanChild.Task.COUNT_UNSTOPPABLY.name(), "no file")
                .start(String.class, String.class)) {
            child.receive(Children.PATIENCE);

            assertThat(child.process().reportWithThreads().threadDump())
                    .isEqualTo("(no thread dump: the process did not answer within 3 s)");

            child.process().kill();
            assertThat(child.process().process().exitValue()).isEqualTo(KILLED);
            assertThat(children.directory()).isEmptyDirectory(); // except for the request of a dump
        }
    }

    @Test
    void exitOfAJvmDoesNotWaitForAGrandchildThatHoldsItsPipes() throws Exception {
        var parent = children.command().piped().start(LeavingParent.class);
        ProcessHandle holder =
                Leftovers.process(String.valueOf(parent.captured().readLine(Children.PATIENCE)));

        parent.awaitExit(0);

        assertThat(Leftovers.isRunning(holder)).isTrue();
        holder.destroyForcibly();
        Leftovers.awaitEnd(holder);
    }

    @Test
    void nothingIsLeftAfterFiftyStarts() throws Exception {
        startAndClose(true);
        startAndClose(false);
        long before = Children.allDescriptors();

        for (int i = 0; i < STARTS; i++) {
            startAndClose(i < STARTS_OF_JVMS);
        }

        children.awaitNothingLeft();
        assertThat(Children.allDescriptors()).isLessThanOrEqualTo(before);
    }

    private static void startAndClose(boolean isJvm) throws InterruptedException {
        if (!isJvm) {
            ChildJvm.ofCommand("sleep", "1000").start().close();
            return;
        }
        try (ChildLink<String, String> child = ChildJvm.of(ObedientChild.class).shortLived()
                .output(Output.capture()).start(String.class, String.class)) {
            child.send("print hello");
            assertThat(child.receive(Children.PATIENCE)).isEqualTo("printed");
        }
    }

    private static ChildProcess start(String script) {
        return ChildJvm.ofCommand("sh", "-c", script).output(Output.capture())
                .errors(Output.capture()).start();
    }

    private static List<String> readLines(ChildProcess child, int count) {
        List<String> lines = new ArrayList<>();
        while (lines.size() < count) {
            lines.add(readLine(child));
        }
        return lines;
    }

    private static String readLine(ChildProcess child) {
        try {
            return String.valueOf(child.output().readLine(Children.PATIENCE));
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static List<ProcessHandle> readPids(ChildProcess child, int count) {
        return readLines(child, count).stream().map(Leftovers::process).toList();
    }
}
