package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.FailingChild;
import dev.ipcchannel.testing.children.MortalChild;
import dev.ipcchannel.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The sentences about children and workers that end or have no answer: which it was, in the user's
/// words, how it has ended, what it said of that, and what to do.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeathSentencesIT {

    private static final String NAME = MortalChild.class.getName();

    private static ChildJvm child(String transport) {
        return ChildJvm.of(MortalChild.class).errors(Output.capture())
                .startTimeout(Children.PATIENCE)
                .transport(transport.equals("shm") ? Transport.shm() : Transport.unix());
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void deathOfAWorkerHasItsNumberItsClassAndWhatToDo(String transport) throws Exception {
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(child(transport)).workerCount(1).start()) {
            WorkerSnapshot worker = workers.workers().getFirst();

            assertThatThrownBy(() -> workers.call("die")).isInstanceOf(WorkerDied.class)
                    .hasMessageMatching("(?s)worker " + worker.number() + " \\(pid=" + worker.pid()
                            + ", " + NAME
                            + "\\) ended with a job that it had begun: it is not tried again:"
                            + " if the job may be done twice, send it by"
                            + " WorkerSet.job\\(data\\).idempotent\\(\\), and another worker does"
                            + " it \\(This worker is offline\\): pid="
                            + worker.pid() + ", uptime=[\\d.]+ m?s, exit=3, error lines:\n"
                            + "    the last words");
            assertThatThrownBy(() -> workers.job("die").idempotent().call())
                    .isInstanceOf(WorkerDied.class)
                    .hasMessageContaining("it is not tried any more, since two workers"
                            + " have died with one that is equal to it:"
                            + " WorkerSet.restart lets it in again");
        }
    }

    @Test
    void errorLinesOfADeathHaveNothingOfJobsBefore() throws Exception {
        try (HeardErrors errors = new HeardErrors(); var workers = errors.workers().start()) {
            assertThat(workers.call("complain")).isEqualTo("done");
            errors.await("an old complaint");
            assertThat(workers.call("rest")).isEqualTo("done"); // this forgets it

            assertDiesSaying(workers, "the last words");
        }
    }

    @Test
    void errorLinesOfADeathHaveWhatTheWorkerPrintedWhileItWasIdle() throws Exception {
        try (HeardErrors errors = new HeardErrors();
                var workers = errors.workers("mutter").start()) {
            errors.await("an idle word");

            assertDiesSaying(workers, "an idle word", "the last words");
        }
    }

    /// Its job ends as any other, and is the reason why it is replaced.
    @Test
    void errorLinesOfAWorkerThatIsReplacedStay() throws Exception {
        CompletableFuture<ChildReport> end = new CompletableFuture<>();
        try (var workers = WorkerSet.builder(String.class, String.class).worker(child("shm"))
                .workerCount(1).listener(new WorkerListener() {

                    @Override
                    public void onEnded(WorkerSnapshot worker, ChildReport report,
                            boolean wasPlanned) {
                        boolean _ = end.complete(report);
                    }
                }).start()) {
            assertThatThrownBy(() -> workers.call("break")).isInstanceOf(CallFailed.class);

            assertThat(end).succeedsWithin(Children.PATIENCE).satisfies(
                    report -> assertThat(report.errorLines()).contains("a word of a broken JVM"));
        }
    }

    private static void assertDiesSaying(WorkerSet<String, String> workers, String... lines) {
        assertThatThrownBy(() -> workers.call("die"))
                .isInstanceOfSatisfying(WorkerDied.class, death -> assertThat(death.report())
                        .isNotNull().satisfies(report -> assertThat(report.errorLines())
                                .containsExactly(lines)));
    }

    /// The error output of this JVM, to which that of a set's only worker goes, too.
    private static final class HeardErrors implements AutoCloseable {

        private final PrintStream before = System.err;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();

        HeardErrors() {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        }

        WorkerSetBuilder<String, String> workers(String... arguments) {
            return WorkerSet.builder(String.class, String.class).workerCount(1)
                    .worker(child("shm").arguments(arguments).errors(Output.tee("")));
        }

        void await(String line) {
            Awaitility.await("it is heard").atMost(Children.PATIENCE)
                    .until(() -> said.toString(StandardCharsets.UTF_8).contains(line));
        }

        @Override
        public void close() {
            System.setErr(before);
        }
    }

    @Test
    void missingAnswerIsReportedWithTheHandlerAndWhatToDo() throws Exception {
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(child("shm")).workerCount(1)
                .start()) {
            long pid = workers.workers().getFirst().pid();

            assertThatThrownBy(() -> workers.call("null")).isInstanceOf(CallFailed.class)
                    .hasMessage("worker 1 (pid=" + pid + ", " + NAME + ") failed to answer:"
                            + " java.lang.NullPointerException: a handler returned null for a job"
                            + " whose answer is waited for: handler=" + NAME + "'s lambda: have it"
                            + " return an Optional, or a record with one, where there may be"
                            + " nothing (TypeToken<Optional<Answer>>), or give the job by tell");
            workers.tell("null");
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
        }
    }

    @Test
    void missingAnswerOfTheCallersOwnFunctionIsReportedTheSame() throws Exception {
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(child("shm")).workerCount(1).jobsAtOnce(1).queueCapacity(0)
                .whenBusy(BusyPolicy.callerRuns(_ -> null)).start()) {
            CompletableFuture<String> first = workers.send("wait");

            assertThatThrownBy(() -> workers.call("null")).isInstanceOf(CallFailed.class)
                    .hasMessageContaining("a handler returned null for a job whose answer is waited"
                            + " for: handler=" + DeathSentencesIT.class.getName() + "'s lambda");
            assertThat(first.cancel(true)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void endOfAChildHasItsClassItsExitAndItsErrorLines(String transport) throws Exception {
        try (ChildLink<String, String> child = child(transport).arguments("link")
                .start(String.class, String.class)) {
            child.send("die");
            awaitExit(child);

            assertThatThrownBy(child::receive).isInstanceOfSatisfying(Disconnected.class,
                    gone -> assertThat(gone.isDeath()).isTrue())
                    .hasMessageContaining("child=" + NAME + " link, pid=" + child.process().pid()
                            + ", exit=3, error lines:\n    the last words")
                    .hasMessageNotContaining(" or its process");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void endOfAChildWithoutAWordSaysWhatToDo(String transport) throws Exception {
        try (ChildLink<String, String> child = child(transport).arguments("link")
                .start(String.class, String.class)) {
            child.process().process().destroyForcibly();
            awaitExit(child);

            assertThatThrownBy(child::receive).isInstanceOf(Disconnected.class)
                    .hasMessageMatching(
                            "(?s).*has ended: (killed by a process, and not by the kernel"
                                    + "|dmesg says whether the kernel has killed it) for lack of"
                                    + " memory:"
                                    + " child=" + NAME + " link, pid=" + child.process().pid()
                                    + ", exit=137 \\(SIGKILL\\).*")
                    .hasMessageNotContaining(" or its process");
        }
    }

    /// Its connections end a moment before its exit code can be had.
    private static void awaitExit(ChildLink<String, String> child) throws Exception {
        var _ = child.process().onExit().get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void longCommandLineIsCut() {
        ChildJvm child = ChildJvm.of(FailingChild.class).arguments("x".repeat(200_000))
                .startTimeout(Duration.ofSeconds(60)).errors(Output.capture());

        assertThatThrownBy(() -> child.start(String.class, String.class))
                .isInstanceOf(ChildFailed.class).message()
                .contains("child=" + FailingChild.class.getName() + " xxx", "x… (200,0")
                .hasSizeLessThan(1000);
        assertThat(child.toString()).hasSizeLessThan(300).endsWith(" letters)]");
    }
}
