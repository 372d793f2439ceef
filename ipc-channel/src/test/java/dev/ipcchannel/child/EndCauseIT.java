package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.ChildReport.Cause.Kind;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.EndingChild;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The causes of the ends of children, told apart.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndCauseIT {

    @RegisterExtension
    final Children children = new Children();

    private static ChildLink<String, String> child(String transport) throws InterruptedException {
        ChildLink<String, String> child = ChildJvm.of(EndingChild.class)
                .transport(transport.equals("shm") ? Transport.shm() : Transport.unix())
                .errors(Output.capture()).start(String.class, String.class);
        assertThat(child.receive()).isEqualTo("ready");
        assertThat(child.process().report().cause().kind()).isEqualTo(Kind.RUNNING);
        return child;
    }

    private static ChildReport end(ChildLink<String, String> child) throws InterruptedException {
        int _ = child.process().awaitExit(Duration.ofMinutes(1));
        return child.process().report();
    }

    @ParameterizedTest
    @CsvSource({"shm, exit, 3, SYSTEM_EXIT, System.exit was called at .*EndingChild.main\\(.*\\)",
        "unix, exit, 3, SYSTEM_EXIT, System.exit was called at .*EndingChild.main\\(.*\\)",
        "shm, halt, 4, EXIT, ''", "shm, return, 0, EXIT, ''"})
    void endByItselfIsToldByItsKind(String transport, String order, int code, Kind kind,
            String words) throws Exception {
        try (ChildLink<String, String> child = child(transport)) {
            child.send(order);

            ChildReport report = end(child);

            assertThat(report.exitCode()).hasValue(code);
            assertThat(report.cause().kind()).as("%s", report).isEqualTo(kind);
            assertThat(report.cause().words()).matches(words);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143, ended by a signal that was sent to it",
        "KILL, 137, '(killed by a process, and not by the kernel|dmesg says whether the kernel has"
                + " killed it) for lack of memory'"})
    void signalOfAnotherProcessIsNamed(String signal, int code, String words) throws Exception {
        try (ChildLink<String, String> child = child("shm")) {
            assertThat(new ProcessBuilder(List.of("sh", "-c",
                    "kill -" + signal + " " + child.process().pid())).start().waitFor()).isZero();

            ChildReport report = end(child);

            assertThat(report.exitCode()).hasValue(code);
            assertThat(report.cause().kind()).isEqualTo(Kind.SIGNAL);
            assertThat(report.cause().words()).matches(words);
        }
    }

    @Test
    void endByThisProcessIsItsOwnKindAfterEitherSignal() throws Exception {
        try (ChildLink<String, String> killed = child("shm");
                ChildLink<String, String> asked = child("shm")) {
            killed.process().kill();
            asked.process().stop(Duration.ofMinutes(1));

            assertThat(end(killed)).asString().contains("exit=137 (SIGKILL): ended by this");
            assertThat(end(asked)).asString().contains("exit=143 (SIGTERM): ended by this");
        }
    }
}
