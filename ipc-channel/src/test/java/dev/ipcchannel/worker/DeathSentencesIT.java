package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.FailingChild;
import dev.ipcchannel.testing.children.MortalChild;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The sentences about children and workers that end or have no answer: who it was, in the user's
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
                            + "\\) ended with a job that it had begun: if the job may be done"
                            + " twice, send it by WorkerSet.job\\(data\\).idempotent\\(\\), and"
                            + " another worker does it"
                            + " \\(This worker is offline\\): pid="
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
    void errorLinesOfADeathEndWithThoseOfItsJob() throws Exception {
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(child("shm")).workerCount(1).start()) {
            for (int i = 0; i < 30; i++) {
                assertThat(workers.call("complain")).isEqualTo("done");
            }

            // Those of the jobs before may still come: they have a way of their own.
            assertThatThrownBy(() -> workers.call("die"))
                    .isInstanceOfSatisfying(WorkerDied.class, death -> assertThat(death.report())
                            .isNotNull().satisfies(report -> assertThat(report.errorLines())
                                    .endsWith("the last words")));
        }
    }

    @Test
    void errorLinesOfADeathHaveWhatTheWorkerSaidWhileItWasIdle() throws Exception {
        PrintStream errors = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(child("shm").arguments("mutter").errors(Output.tee("")))
                .workerCount(1).start()) {
            await("it is heard").atMost(Children.PATIENCE).until(
                    () -> said.toString(StandardCharsets.UTF_8).contains("an idle word"));

            assertThatThrownBy(() -> workers.call("die"))
                    .isInstanceOfSatisfying(WorkerDied.class, death -> assertThat(death.report())
                            .isNotNull().satisfies(report -> assertThat(report.errorLines())
                                    .contains("an idle word").endsWith("the last words")));
        } finally {
            System.setErr(errors);
        }
    }

    @Test
    void missingAnswerIsSaidWithTheHandlerAndWhatToDo() throws Exception {
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(child("shm")).workerCount(1)
                .start()) {
            long pid = workers.workers().getFirst().pid();

            assertThatThrownBy(() -> workers.call("null")).isInstanceOf(CallFailed.class)
                    .hasMessage("worker 1 (pid=" + pid + ", " + NAME + ") failed to answer:"
                            + " java.lang.NullPointerException: a handler returned null for a job"
                            + " whose answer is waited for: handler=" + NAME + "'s lambda: have it"
                            + " return an Optional, or a record with one, where there may be nothing"
                            + " (TypeToken<Optional<Answer>>), or give the job by tell");
            workers.tell("null");
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
        }
    }

    @Test
    void missingAnswerOfTheCallersOwnFunctionIsSaidTheSame() throws Exception {
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
                    .hasMessageContaining("has ended: dmesg says whether the kernel has killed it"
                            + " for want of memory: child=" + NAME + " link, pid="
                            + child.process().pid() + ", exit=137 (SIGKILL)")
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
