package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.InterruptedChild;
import dev.ipcchannel.testing.children.LackingKernelChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signals to a process in a native call, for instance a profiler's, which must have no effect: a
/// tracer makes each call fail as it fails then.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignalsIT {

    // Every call of internal.posix except those that the JVM itself makes at its start (open, read,
    // write, fcntl, mmap) and may not be ready to repeat, and close, which is not repeated.
    private static final List<String> CALLS = List.of("memfd_create", "fallocate", "fstatfs",
            "socketpair", "socket", "bind", "listen", "accept4", "connect", "getsockopt",
            "getpeername", "shutdown", "sendto", "sendmsg", "recvmsg", "eventfd2",
            "epoll_create1", "epoll_ctl", "epoll_wait", "ppoll", "flock", "getrandom");

    private static final Pattern FALLOCATE =
            Pattern.compile("fallocate\\(\\d+, 0, \\d+, (\\d+)\\) += -1 EINTR");

    @RegisterExtension
    final Children children = new Children();

    @Test
    void everyCallThatASignalCutsShortIsMadeAgain() throws Exception {
        String calls = String.join(",", CALLS);

        String trace = trace(calls, "inject=" + calls + ":error=EINTR:when=1+2");

        assertThat(CALLS).allSatisfy(call -> assertThat(trace)
                .containsPattern("\\b" + call + "\\(.*EINTR .*\\(INJECTED\\)"));
    }

    /// When a signal comes, many kernels release the pages that a call has allocated so far. So a
    /// single call for a large file would never finish while a profiler sends a signal each
    /// millisecond.
    @Test
    void largeFileIsMadeInPiecesAsSmallAsTheSignalsLetThem() throws Exception {
        String trace = trace("fallocate", "inject=fallocate:error=EINTR:when=1..20");

        List<Long> pieces = FALLOCATE.matcher(trace).results().map(SignalsIT::length).toList();
        assertThat(pieces).hasSize(20);
        assertThat(pieces).isSortedAccordingTo((first, second) -> Long.compare(second, first));
        assertThat(pieces.getLast()).isEqualTo(4096);
    }

    /// Sometimes the kernel lacks memory for a call: that is not the sender's fault and costs no
    /// message.
    @ParameterizedTest
    @ValueSource(strings = {"recvmsg", "ppoll"})
    void callThatFailsForWantOfMemoryIsNoFaultOfTheOtherSide(String call) throws Exception {
        assumeTrue(canTrace(), "strace is not installed or may not trace (Debian package strace)");
        ChildJvm child = children.command()
                .under("strace", "-f", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                        "inject=" + call + ":error=ENOMEM:when=2+3")
                .piped().start(LackingKernelChild.class);

        assertThat(child.captured().readLine(Children.PATIENCE.multipliedBy(3)))
                .startsWith(LackingKernelChild.ALL).isNotEqualTo(LackingKernelChild.ALL + 0);
        child.awaitExit(0);
    }

    private static long length(MatchResult piece) {
        return Long.parseLong(piece.group(1));
    }

    /// Runs the child under a tracer, and returns the traced calls.
    private String trace(String calls, String injection) throws Exception {
        assumeTrue(canTrace(), "strace is not installed or may not trace (Debian package strace)");
        Path trace = children.directory().resolve("trace.txt");
        ChildJvm child = children.command()
                .under("strace", "-f", "-o", trace.toString(), "-e", "trace=" + calls, "-e",
                        injection)
                .piped().start(InterruptedChild.class);

        assertThat(child.captured().readLine(Children.PATIENCE.multipliedBy(3)))
                .isEqualTo(InterruptedChild.DONE);
        child.awaitExit(0);
        return Files.readString(trace);
    }

    private static boolean canTrace() throws Exception {
        return Files.isExecutable(Path.of("/usr/bin/strace"))
                && new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true").start()
                        .waitFor() == 0;
    }
}
