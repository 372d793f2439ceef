package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.WorkerSetContract.awaitFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ForgetfulWorkerChild;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.Work.Babble;
import dev.ipcchannel.testing.children.Work.Deaf;
import dev.ipcchannel.testing.children.Work.Echo;
import dev.ipcchannel.testing.children.Work.Leave;
import dev.ipcchannel.testing.children.Work.ReadPid;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.testing.children.WorkingHostChild;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The behaviour of a set whose workers fail, over any transport.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WorkerFaultsContract {

    @RegisterExtension
    final Children children = new Children();

    abstract Transport transport();

    private WorkerSetBuilder<Work, String> set(int count) {
        return WorkerSet.builder(Work.class, String.class)
                .worker(WorkerSetContract.child(WorkingChild.class, transport()))
                .workerCount(count);
    }

    /// A worker that a shell starts when it has done what `script` says.
    private WorkerSetBuilder<Work, String> scripted(String script) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return WorkerSet.builder(Work.class, String.class).workerCount(1)
                .worker(ChildJvm.ofCommand("sh", "-c", script + "\nexec \"$@\"", "sh", java,
                        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", "-cp", Children.classPath(),
                        WorkingChild.class.getName()).output(Output.capture())
                        .errors(Output.capture()).transport(transport()));
    }

    private Path file(String name) {
        return children.directory().resolve(name);
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
                .isZero();
    }

    static boolean isStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
        }
        return true;
    }

    private static long pid(WorkerSet<Work, String> workers) throws InterruptedException {
        return Long.parseLong(workers.call(new ReadPid()));
    }

    @Test
    void jobFailsWithItsWorkerAndAnotherOneTakesItsPlace() throws Exception {
        try (var workers = set(1).start()) {
            long pid = pid(workers);
            Path file = file("deaf");
            CompletableFuture<String> job = workers.send(new Deaf(file.toString()));
            awaitFile(file);

            signal("KILL", pid);

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat().havingCause()
                    .isInstanceOfSatisfying(WorkerDied.class, death -> {
                        assertThat(death).hasMessageContaining("This worker is offline");
                        assertThat(death.hasStarted()).isTrue();
                        assertThat(death.report()).isNotNull().satisfies(report -> {
                            assertThat(report.pid()).isEqualTo(pid);
                            assertThat(report.exitCode()).hasValue(137);
                        });
                    });
            assertThat(pid(workers)).isNotEqualTo(pid);
        }
    }

    @Test
    void jobWhoseReplyIsForgottenFailsAndItsWorkerGoesOn() throws Exception {
        try (var workers = WorkerSet.builder(String.class, String.class)
                .worker(WorkerSetContract.child(ForgetfulWorkerChild.class, transport()))
                .workerCount(1).start()) {
            assertThat(workers.send("forgotten")).failsWithin(Children.PATIENCE)
                    .withThrowableThat().havingCause().isInstanceOf(CallFailed.class)
                    .withMessageContaining("the program has forgotten the reply to this job: call"
                            + " send or fail of each JobReply");
            assertThat(workers.call("another one")).isEqualTo("another one");
            assertThat(workers.stats().restarts()).isZero();
        }
    }

    @Test
    void workerThatIsKilledWhileIdleIsReplaced() throws Exception {
        try (var workers = set(1).start()) {
            long pid = pid(workers);

            signal("KILL", pid);

            await("another one is there").atMost(Children.PATIENCE).until(() -> workers.workers()
                    .stream().anyMatch(worker -> worker.state() == WorkerSnapshot.State.ACTIVE
                            && worker.pid() != pid));
            assertThat(pid(workers)).isNotEqualTo(pid);
            assertThat(workers.stats().restarts()).isEqualTo(1);
        }
    }

    @Test
    void idempotentJobIsTriedOnceMoreAndOneThatKilledTwiceIsNotTriedAgain() throws Exception {
        try (var workers = set(1).start()) {
            CompletableFuture<String> job = workers.job(new Leave(3)).idempotent().send();

            assertThat(job).failsWithin(Children.PATIENCE.multipliedBy(2)).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class).withMessageContaining("exit=3");
            assertThatThrownBy(() -> workers.call(new Leave(3))).isInstanceOf(WorkerDied.class)
                    .hasMessageContaining("not tried any more");
            assertThat(workers.call(new Echo("others are"))).isEqualTo("others are");
            assertThat(workers.stats().retried()).isEqualTo(1);
            assertThat(workers.stats().restarts()).isEqualTo(2);
        }
    }

    @Test
    void workerThatIsKilledBeforeItHasConnectedIsStartedAgain() throws Exception {
        Path flag = file("kill");
        List<RuntimeException> failures = new ArrayList<>();
        WorkerListener listener = new WorkerListener() {

            @Override
            public void onStartFailed(RuntimeException failure) {
                failures.add(failure);
            }
        };
        try (var workers = scripted("if rm '%s' 2>/dev/null; then kill -KILL $$; fi"
                .formatted(flag)).listener(listener).start()) {
            Path _ = Files.createFile(flag);

            workers.add();

            await("both are there").atMost(Children.PATIENCE)
                    .until(() -> workers.stats().active() == 2);
            assertThat(flag).doesNotExist();
            assertThat(failures).singleElement().isInstanceOfSatisfying(ChildFailed.class,
                    failure -> assertThat(failure).hasMessageContaining("SIGKILL"));
        }
    }

    @Test
    void stoppedWorkerIsReplacedWhenTheTimeOfItsJobIsOver() throws Exception {
        try (var workers = set(1).start()) {
            long pid = pid(workers);
            signal("STOP", pid);
            await("all its threads are stopped").atMost(Children.PATIENCE)
                    .until(() -> isStopped(pid));

            assertThatThrownBy(() -> workers.call(new Echo("never"), Duration.ofMillis(200),
                    TimeoutAction.RESTART)).isInstanceOfSatisfying(TimedOut.class, late -> {
                        assertThat(late).hasMessageContaining("Failed to receive response in time");
                        assertThat(late.report()).isNotNull();
                    });

            assertThat(pid(workers)).isNotEqualTo(pid);
        }
    }

    @Test
    void stoppedWorkerStaysBusyWithAJobThatHasFailedByItsTimeUntilItIsContinued()
            throws Exception {
        try (var workers = set(1).start()) {
            long pid = pid(workers);
            signal("STOP", pid);
            await("all its threads are stopped").atMost(Children.PATIENCE)
                    .until(() -> isStopped(pid));

            assertThatThrownBy(() -> workers.call(new Echo("never"), Duration.ofMillis(200),
                    TimeoutAction.ERROR)).isInstanceOf(TimedOut.class);
            assertThat(workers.workers()).singleElement()
                    .satisfies(worker -> assertThat(worker.running()).isOne());
            assertThatThrownBy(() -> workers.call(new Echo("waits"), Duration.ofMillis(200),
                    TimeoutAction.ERROR)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no worker was free");

            signal("CONT", pid);

            assertThat(pid(workers)).isEqualTo(pid);
        }
    }

    @Test
    void floodOfOutputKeepsNoThreadWaiting() throws Exception {
        try (var workers = set(1).start()) {
            assertThat(workers.call(new Babble(50_000))).isEqualTo("said");
            assertThat(workers.call(new Echo("next"))).isEqualTo("next");
        }
    }

    @Test
    void closeEndsWorkersAndJobsWhateverTheyDo() throws Exception {
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        try (var workers = set(1).start()) {
            Path file = file("deaf");
            jobs.add(workers.send(new Deaf(file.toString())));
            awaitFile(file);
            jobs.add(workers.send(new Echo("in the queue")));
            workers.add(); // it may not be there yet when the set is closed
        }
        for (CompletableFuture<String> job : jobs) {
            try {
                assertThat(job.get(0, TimeUnit.SECONDS)).isEqualTo("in the queue");
            } catch (ExecutionException failure) {
                assertThat(failure).hasCauseInstanceOf(EndClosed.class);
            }
        }
    }

    @Test
    void noWorkerOutlivesAParentThatIsKilled() throws Exception {
        var parent = children.command().piped().start(WorkingHostChild.class, transport().name(),
                file("deaf").toString());
        List<Long> pids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            pids.add(Long.parseLong(
                    String.valueOf(parent.captured().readLine(Children.PATIENCE))));
        }
        awaitFile(file("deaf"));
        awaitFile(file("deaf-2"));

        parent.kill();

        for (long pid : pids) {
            await("the worker ends").atMost(Children.PATIENCE).until(() -> ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void programThatNeverWorksIsAClearErrorAtTheStart() throws Exception {
        Path starts = file("starts");

        assertThatThrownBy(() -> scripted("echo x >> '%s'\necho no such thing >&2\nexit 3"
                .formatted(starts)).start()).isInstanceOf(ChildFailed.class)
                .hasMessageContaining("exit=3").hasMessageContaining("no such thing");

        assertThat(Files.readAllLines(starts)).as("one start").hasSize(1);
    }

    @Test
    void programThatDoesNotWorkAnyMoreIsNotStartedForEver() throws Exception {
        Path starts = file("starts");
        Path gone = file("gone");
        CompletableFuture<String> givenUp = new CompletableFuture<>();
        WorkerListener listener = new WorkerListener() {

            @Override
            public void onGivenUp(String reason) {
                givenUp.complete(reason);
            }
        };
        try (var workers = scripted("echo x >> '%s'\nif [ -e '%s' ]; then exit 3; fi"
                .formatted(starts, gone)).restartLimit(3, Duration.ofMinutes(5))
                .listener(listener).start()) {
            long pid = pid(workers);
            Path _ = Files.createFile(gone);
            signal("KILL", pid);

            assertThat(workers.job(new Echo("a job")).idempotent().send())
                    .failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class).withMessageContaining("end too often")
                    .withMessageContaining("exit=3");
            assertThat(givenUp).succeedsWithin(Children.PATIENCE).asString()
                    .contains("WorkerSet.restart");
            assertThatThrownBy(() -> workers.call(new Echo("another")))
                    .isInstanceOf(WorkerDied.class);
            assertThat(Files.readAllLines(starts)).as("the first and three more").hasSize(4);

            Files.delete(gone);
            workers.restart();
            assertThat(workers.call(new Echo("again"))).isEqualTo("again");
        }
    }
}
