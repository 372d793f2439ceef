package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The words of a report about a child in a message.
@Timeout(30)
class ChildReportTest {

    private static final Duration UPTIME = Duration.ofMillis(1500);

    @Test
    void runningChildIsReportedInOneLine() {
        assertThat(new ChildReport(7, UPTIME, OptionalInt.empty(), List.of(), null, ""))
                .hasToString("pid=7, uptime=1.5 s, running");
    }

    @Test
    void endIsReportedWithTheSignalTheCrashFileAndTheLastLines() {
        assertThat(new ChildReport(7, UPTIME, OptionalInt.of(134), List.of("one", "\u001b[31mtwo"),
                Path.of("/x/hs_err_pid7.log"), ""))
                .hasToString("""
                        pid=7, uptime=1.5 s, exit=134 (SIGABRT): its JVM crashed, \
                        crash=/x/hs_err_pid7.log, \
                        error lines:
                            one
                            \\u001b[31mtwo""");
    }

    @Test
    void mainThreadIsReportedOfAllInTheDump() {
        String dump = """
                7:
                2026-01-01 12:00:00
                Full thread dump:

                "main" #3 prio=5 runnable
                   java.lang.Thread.State: RUNNABLE
                \tat com.example.Child.main(Child.java:5)

                "Finalizer" #9 daemon
                   java.lang.Thread.State: WAITING
                """;

        assertThat(new ChildReport(7, UPTIME, OptionalInt.empty(), List.of("help"), null, dump))
                .hasToString("""
                        pid=7, uptime=1.5 s, running, main thread:
                            "main" #3 prio=5 runnable
                            java.lang.Thread.State: RUNNABLE
                            at com.example.Child.main(Child.java:5), error lines:
                            help""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space |"
                + " OUT_OF_MEMORY | its JVM was out of heap: raise memoryLimit or heap",
        "3 | Terminating due to java.lang.OutOfMemoryError: Metaspace | OUT_OF_MEMORY |"
                + " its JVM was out of metaspace: raise memoryLimit or -XX:MaxMetaspaceSize",
        "1 | Exception in thread \"main\" java.lang.OutOfMemoryError: unable to create native"
                + " thread |"
                + " OUT_OF_MEMORY | its JVM was out of threads: raise ulimit -u, pids.max or"
                + " memoryLimit, or start fewer",
        "1 | Exception in thread \"main\" java.lang.StackOverflowError | STACK_OVERFLOW |"
                + " the stack of its main thread was full: see that its recursion ends, or raise"
                + " -Xss",
        "1 | Exception in thread \"a\" java.lang.StackOverflowError | EXIT | ''",
        "2 | Exception in thread \"main\" java.lang.StackOverflowError | EXIT | ''",
        "143 | Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space |"
                + " SIGNAL | ended by a signal that was sent to it",
        "134 | Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space |"
                + " CRASH | it crashed",
        "1 | Exception in thread \"main\" java.lang.OutOfMemoryError | OUT_OF_MEMORY |"
                + " its JVM was out of native memory: raise memoryLimit",
        "1 | Exception in thread \"main\" java.lang.OutOfMemoryError: of the program's own |"
                + " OUT_OF_MEMORY | its JVM was out of memory: raise memoryLimit or heap",
        "3 | Terminating due to java.lang.OutOfMemoryError: Unable to allocate 9 bytes |"
                + " OUT_OF_MEMORY | its JVM was out of native memory: raise memoryLimit",
        "134 | # | CRASH | it crashed",
        "143 | bye | SIGNAL | ended by a signal that was sent to it",
        "137 | bye | SIGNAL | ended by a signal that was sent to it",
        "3 | caught java.lang.OutOfMemoryError: Java heap space | EXIT | ''"})
    void causeOfAnEndIsReadFromItsExitCodeAndItsLines(int code, String line,
            ChildReport.Cause.Kind kind, String words) {
        ChildReport report = new ChildReport(7, UPTIME, OptionalInt.of(code), List.of(line), null,
                "");

        assertThat(report.cause()).isEqualTo(new ChildReport.Cause(kind, words));
    }

    @Test
    void longStackIsCut() {
        String dump = IntStream.range(0, 1000).mapToObj(frame -> "\tat x.X.f" + frame + "(X.java)")
                .collect(Collectors.joining("\n", "\"main\" #3\n", "\n"));

        assertThat(
                new ChildReport(7, UPTIME, OptionalInt.empty(), List.of(), null, dump).toString())
                .contains("at x.X.f22(X.java)").doesNotContain("x.X.f23(X.java)");
    }

    @Test
    void missingDumpIsReportedWithTheReason() {
        assertThat(new ChildReport(7, UPTIME, OptionalInt.empty(), List.of(), null,
                "(no thread dump: the process has ended)"))
                .hasToString("pid=7, uptime=1.5 s, running, "
                        + "(no thread dump: the process has ended)");
    }

    @Test
    void jvmWhoseMainThreadHasEndedIsReportedWithoutIt() {
        assertThat(new ChildReport(7, UPTIME, OptionalInt.empty(), List.of(), null,
                "7:\n\n\"DestroyJavaVM\" #20\n"))
                .hasToString("pid=7, uptime=1.5 s, running");
    }
}
