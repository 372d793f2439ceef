package dev.ipcchannel.child;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The part of a child's output that is kept. Shell commands serve as children.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildOutputTest {

    private static final int MAX_CHARS = 1 << 20;

    private final List<ChildOutput> started = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (ChildOutput child : started) {
            child.close();
            child.process().getOutputStream().close();
        }
    }

    @Test
    void eachLineIsReadOnceThenTheEnd() throws Exception {
        ChildOutput child = start("echo one; echo; printf three");

        assertThat(allLines(child)).containsExactly("one", "", "three");
        assertThat(child.readLine(Children.PATIENCE)).as("after the end").isNull();
        assertThat(child.lines()).containsExactly("one", "", "three");
        assertThat(child.awaitExit(Children.PATIENCE)).isZero();
    }

    @Test
    void eachLineIsHandedOnAsItComesAndKeptAsWell() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        BlockingQueue<String> errorLines = new LinkedBlockingQueue<>();
        Process process = new ProcessBuilder("sh", "-c",
                "echo one; read _; echo two; printf oops >&2").start();
        ChildOutput child = ChildOutput.capture(process, lines::add, errorLines::add);
        started.add(child);

        assertThat(lines.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("one");
        process.getOutputStream().close();

        assertThat(child.awaitExit(Children.PATIENCE)).isZero();
        assertThat(lines).containsExactly("two");
        assertThat(errorLines).containsExactly("oops");
        assertThat(child.lines()).containsExactly("one", "two");
        assertThat(child.errorLines()).containsExactly("oops");
    }

    @Test
    void errorLinesThatAreForgottenAreNotThoseOfADeath() throws Exception {
        ChildOutput child =
                start("seq 100 >&2; read _; seq 3 >&2; exit 3");
        await("all are read").atMost(Children.PATIENCE)
                .until(() -> child.errorLines().contains("100"));

        child.forgetErrorLines();

        assertThat(child.errorLines()).isEmpty();
        child.process().getOutputStream().close();
        assertThat(child.awaitExit(Children.PATIENCE)).isEqualTo(3);
        assertThat(child.errorLines()).containsExactly("1", "2", "3");
    }

    @Test
    void errorLinesOfAChildThatHasEndedStay() throws Exception {
        ChildOutput child = start("echo why >&2");
        assertThat(child.awaitExit(Children.PATIENCE)).isZero();

        child.forgetErrorLines();

        assertThat(child.errorLines()).containsExactly("why");
    }

    @Test
    void halfAMillionLinesAreReadOneByOne() throws Exception {
        ChildOutput child = start("yes x | head -n " + MAX_CHARS / 2);
        child.awaitExit(Children.PATIENCE);

        assertThat(allLines(child)).hasSize(MAX_CHARS / 2).containsOnly("x");
    }

    @Test
    void oldestLinesGoWhereThereAreTooManyReadOrNot() throws Exception {
        ChildOutput child = start("echo first; read _; seq 1000000 1199999");
        assertThat(child.readLine(Children.PATIENCE)).isEqualTo("first");
        child.process().getOutputStream().close();
        child.awaitExit(Children.PATIENCE);

        int kept = MAX_CHARS / "1000000\n".length();
        List<String> last = IntStream.range(1_200_000 - kept, 1_200_000)
                .mapToObj(Integer::toString).toList();
        assertThat(child.lines()).isEqualTo(last);
        assertThat(allLines(child)).isEqualTo(last);
    }

    @Test
    void lineWithoutAnEndIsCut() throws Exception {
        ChildOutput child = start("head -c 10000 /dev/zero | tr '\\0' x");

        assertThat(allLines(child)).containsExactly("x".repeat(8192), "x".repeat(10_000 - 8192));
    }

    @Test
    void lineThatDoesNotComeIsWaitedForAsLongAsAllowed() throws Exception {
        ChildOutput child = start("read line; echo $line");

        assertThatThrownBy(() -> child.readLine(Duration.ofMillis(10)))
                .isInstanceOf(TimedOut.class).hasMessageContaining("timeout=10 ms");

        child.process().getOutputStream().write("late\n".getBytes(US_ASCII));
        child.process().getOutputStream().flush();
        assertThat(child.readLine(Children.PATIENCE)).isEqualTo("late");
    }

    @Test
    void firstFiveAndLastFifteenErrorLinesAreKept() throws Exception {
        ChildOutput child = start("seq 100 >&2; exit 3");

        assertThat(child.awaitExit(Children.PATIENCE)).isEqualTo(3);
        assertThat(child.errorLines()).hasSize(21)
                .startsWith("1", "2", "3", "4", "5", "... (lines left out: 80)", "86")
                .endsWith("100");
        assertThat(child.lines()).isEmpty();
    }

    @Test
    void errorLinesOfAnEndedChildAreReportedThoughAnotherProcessHoldsTheirPipe() throws Exception {
        ChildOutput child = start("sleep 1000 >/dev/null & echo $!; echo last words >&2");
        String sleeper = String.valueOf(child.readLine(Children.PATIENCE));
        assertThat(child.awaitExit(Children.PATIENCE)).isZero();

        assertThat(child.errorLines()).containsExactly("last words");

        ProcessHandle.of(Long.parseLong(sleeper)).orElseThrow().destroyForcibly();
    }

    @Test
    void twentyErrorLinesAreKeptWhole() throws Exception {
        ChildOutput child = start("seq 20 >&2");
        child.awaitExit(Children.PATIENCE);

        assertThat(child.errorLines())
                .isEqualTo(IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).toList());
    }

    /// SIGINT would do nothing where these tests run in the background of a shell.
    @Test
    void endIsDescribedWithTheSignalAndEscapedErrorLines() throws Exception {
        ChildOutput child = start("printf '\\033[31mred\\n' >&2; kill -TERM $$");
        child.awaitExit(Children.PATIENCE);

        assertThat(child.describeEnd()).startsWith("exit=143 (SIGTERM), ")
                .endsWith("\n    \\u001b[31mred");
    }

    @Test
    void endWithoutErrorLinesIsDescribedByItsCodeAlone() throws Exception {
        ChildOutput child = start("exit 7");
        child.awaitExit(Children.PATIENCE);

        assertThat(child.describeEnd()).isEqualTo("exit=7");
    }

    @Test
    void closeKillsTheChild() throws Exception {
        ChildOutput child = start("exec sleep 1000");

        child.close();

        assertThat(child.awaitExit(Children.PATIENCE)).isEqualTo(128 + 9);
        assertThat(child).hasToString(
                "ChildOutput[pid=%d, exit=137 (SIGKILL)]".formatted(child.process().pid()));
    }

    private ChildOutput start(String script) throws IOException {
        ChildOutput child =
                ChildOutput.capture(new ProcessBuilder("sh", "-c", script).start());
        started.add(child);
        return child;
    }

    private static List<String> allLines(ChildOutput child) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = child.readLine(Children.PATIENCE); line != null;
                line = child.readLine(Children.PATIENCE)) {
            lines.add(line);
        }
        return lines;
    }
}
