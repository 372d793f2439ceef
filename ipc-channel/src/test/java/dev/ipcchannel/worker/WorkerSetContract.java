package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.MixedWorkerChild;
import dev.ipcchannel.testing.children.MixedWorkerChild.Answered;
import dev.ipcchannel.testing.children.MixedWorkerChild.Fate;
import dev.ipcchannel.testing.children.MixedWorkerChild.Mixed;
import dev.ipcchannel.testing.children.ReceivingWorkerChild;
import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.Work.Count;
import dev.ipcchannel.testing.children.Work.Echo;
import dev.ipcchannel.testing.children.Work.Fail;
import dev.ipcchannel.testing.children.Work.ReadPid;
import dev.ipcchannel.testing.children.Work.Sleep;
import dev.ipcchannel.testing.children.Work.Touch;
import dev.ipcchannel.testing.children.Work.Wait;
import dev.ipcchannel.testing.children.Work.Way;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The behaviour of a set of workers, over any transport.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WorkerSetContract {

    @RegisterExtension
    final Children children = new Children();

    abstract Transport transport();

    /// How to start a worker of a test.
    static ChildJvm child(Class<?> main, Transport transport) {
        return ChildJvm.of(main).shortLived().noClassArchive().output(Output.capture())
                .errors(Output.capture()).transport(transport);
    }

    private WorkerSetBuilder<Work, String> set(int count) {
        return WorkerSet.builder(Work.class, String.class)
                .worker(child(WorkingChild.class, transport())).workerCount(count);
    }

    private Path file(String name) {
        return children.directory().resolve(name);
    }

    static void awaitFile(Path file) {
        await("a file that a worker makes").atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(2)).until(() -> Files.exists(file));
    }

    static void awaitNoFile(Path file) {
        await("a file that a worker deletes").atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(2)).until(() -> !Files.exists(file));
    }

    @Test
    void callsAfterALongJobAreAnsweredByAnotherWorkerWhileThatGoesOn() throws Exception {
        Path begun = file("begun");
        try (var workers = set(2).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            for (int i = 0; i < 1_000; i++) { // so that their worker gets some ahead
                assertThat(workers.call(new Echo("short"))).isEqualTo("short");
            }
            CompletableFuture<String> stuck = workers.send(new Wait(begun.toString()));
            awaitFile(begun);
            List<Waits<String>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(Waits.in(() -> workers.call(new Echo("after it"))));
            }

            for (Waits<String> call : calls) {
                assertThat(call.value()).isEqualTo("after it");
            }
            assertThat(stuck).isNotDone();
            assertThat(stuck.cancel(true)).isTrue();
            awaitNoFile(begun);
        }
    }

    @Test
    void callsOneAfterTheOtherGoToTheSameWorker() throws Exception {
        try (var workers = set(3).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            String first = workers.call(new ReadPid());
            for (int i = 0; i < 100; i++) {
                assertThat(workers.call(new ReadPid())).isEqualTo(first);
            }
        }
    }

    @Test
    void threadThatWaitsForAnAnswerReceivesItUnlessAnotherThreadIsQuicker() throws Exception {
        try (var workers = set(1).start()) {
            boolean wasHere = false;
            while (!wasHere) {
                CompletableFuture<String> answer = workers.send(new Echo("here"));
                CompletableFuture<Thread> ran = answer.thenApply(_ -> Thread.currentThread());
                assertThat(answer.get()).isEqualTo("here");
                wasHere = ran.get().equals(Thread.currentThread());
            }
        }
    }

    @Test
    void waitForAnAnswerEndsWhenItIsCancelledMeanwhile() throws Exception {
        Path begun = file("begun");
        try (var workers = set(1).start()) {
            CompletableFuture<String> answer = workers.send(new Wait(begun.toString()));
            Waits<Boolean> wait = Waits.in(() -> {
                assertThatThrownBy(answer::get).isInstanceOf(CancellationException.class);
                return true;
            });
            awaitFile(begun);
            assertThat(answer.cancel(true)).isTrue();
            assertThat(wait.value()).isTrue();
        }
    }

    @Test
    void badJobsAmongGoodOnesFailAloneWhetherTheyGoTogetherOrNot() throws Exception {
        int count = 4_000;
        try (var workers = WorkerSet.builder(Mixed.class, Answered.class)
                .worker(child(MixedWorkerChild.class, transport())).workerCount(2)
                .queueCapacity(count).start()) {
            List<CompletableFuture<Answered>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(workers.send(Mixed.of(i, fate(i))));
            }
            for (int i = 0; i < count; i++) {
                assertFate(answers.get(i), Mixed.of(i, fate(i)));
            }
            assertThat(workers.stats().restarts()).isZero();
            assertThat(workers.stats().failed()).isEqualTo(
                    IntStream.range(0, count).filter(i -> fate(i) != Fate.GOOD).count());
        }
    }

    /// Most are good.
    private static Fate fate(int number) {
        List<Fate> fates = List.of(Fate.values());
        return number % 7 == 3 ? fates.get(number / 7 % fates.size()) : Fate.GOOD;
    }

    private static void assertFate(CompletableFuture<Answered> answer, Mixed job) {
        switch (job.fate()) {
            case GOOD -> assertThat(answer.join())
                    .isEqualTo(new Answered(job.number(), job.fate(), job.text()));
            case FAILS -> assertThatThrownBy(answer::join).cause().isInstanceOf(CallFailed.class)
                    .hasMessageContaining("job " + job.number());
            case NO_ANSWER -> assertThatThrownBy(answer::join).cause()
                    .isInstanceOf(CallFailed.class).hasMessageContaining("returned null");
            case UNREADABLE_THERE -> assertThatThrownBy(answer::join).cause()
                    .isInstanceOf(CallFailed.class).hasMessageContaining("cannot be read in a");
            case UNANSWERABLE -> assertThatThrownBy(answer::join).cause()
                    .isInstanceOf(CallFailed.class).hasMessageContaining("surrogate");
            case UNSENDABLE -> assertThatThrownBy(answer::join).cause()
                    .isInstanceOf(CodecFailed.class).hasMessageContaining("surrogate");
            case UNREADABLE_HERE -> assertThatThrownBy(answer::join).cause()
                    .isInstanceOf(CodecFailed.class)
                    .hasMessageContaining("cannot be read in a host");
        }
    }

    @Test
    void jobsAreCalledSentAndGivenWithoutAnAnswer() throws Exception {
        try (var workers = set(2).start()) {
            assertThat(workers.call(new Echo("called"))).isEqualTo("called");
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(workers.send(new Echo("sent " + i)));
            }
            workers.tell(new Touch(file("told").toString()));
            for (int i = 0; i < 100; i++) {
                assertThat(answers.get(i)).succeedsWithin(Children.PATIENCE)
                        .isEqualTo("sent " + i);
            }
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
            assertThat(file("told")).exists();
            WorkerSetStats stats = workers.stats();
            assertThat(stats.completed()).isEqualTo(102);
            assertThat(stats.failed()).isZero();
            assertThat(stats.latencies().count()).isEqualTo(102);
        }
    }

    @Test
    void standardInputOfAWorkerIsAtItsEnd() throws Exception {
        try (var workers = set(1).start()) {
            assertThat(workers.send(new Work.Input())).succeedsWithin(Children.PATIENCE)
                    .isEqualTo("0");
        }
    }

    @Test
    void whatAHandlerThrowsComesBackAsTextAndTheWorkerGoesOn() throws Exception {
        try (var workers = set(1).start()) {
            String pid = workers.call(new ReadPid());
            assertThatThrownBy(() -> workers.call(new Fail(Way.UNHEARD)))
                    .isInstanceOfSatisfying(CallFailed.class, failure -> {
                        assertThat(failure.remoteType()).endsWith("WorkingChild$Unheard");
                        assertThat(failure.remoteMessage()).isEqualTo("it is so");
                        assertThat(failure.remoteStack()).first().asString()
                                .contains("WorkingChild.fail");
                        assertThat(failure.remoteProcess()).isEqualTo("worker 1 (pid=%s, %s)"
                                .formatted(pid, WorkingChild.class.getName()));
                        assertThat(failure.getCause()).hasToString("in " + failure.remoteProcess());
                    });
            assertFailsAs(workers, Way.SPITEFUL, "WorkingChild$Spiteful");
            assertFailsAs(workers, Way.TOO_DEEP, StackOverflowError.class.getName());
            assertFailsAs(workers, Way.UNSENDABLE, "CodecFailed");
            assertFailsAs(workers, Way.NOTHING, NullPointerException.class.getName());
            assertThat(workers.call(new ReadPid())).as("it is the same worker").isEqualTo(pid);
        }
    }

    private static void assertFailsAs(WorkerSet<Work, String> workers, Way way, String type)
            throws InterruptedException {
        assertThat(workers.send(new Fail(way))).failsWithin(Children.PATIENCE)
                .withThrowableThat().havingCause().isInstanceOfSatisfying(CallFailed.class,
                        failure -> assertThat(failure.remoteType()).endsWith(type));
    }

    @Test
    void partsBeyondTheWindowAndProgressComeInOrder() throws Exception {
        int count = 300;
        List<String> heard = new ArrayList<>();
        try (var workers = set(1).start()) {
            String last = workers.job(new Count(count)).onPart(heard::add)
                    .onProgress(progress -> heard.add(progress.note())).call();

            List<String> expected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                expected.add("before " + i);
                expected.add(Integer.toString(i));
            }
            assertThat(last).isEqualTo("the end");
            assertThat(heard).isEqualTo(expected);
        }
    }

    @Test
    void jobIsCancelledByItsFutureATimeoutOfThatOrAnInterrupt() throws Exception {
        try (var workers = set(1).start()) {
            Path file = file("waits");
            CompletableFuture<String> first = workers.send(new Wait(file.toString()));
            awaitFile(file);
            CompletableFuture<String> queued = workers.send(new Touch(file("never").toString()));
            assertThat(queued.cancel(false)).isTrue();
            assertThat(first.cancel(true)).isTrue();
            awaitNoFile(file);

            CompletableFuture<String> second = workers.send(new Wait(file.toString()));
            awaitFile(file);
            assertThat(second.orTimeout(1, TimeUnit.MILLISECONDS)).failsWithin(Children.PATIENCE)
                    .withThrowableThat().withCauseInstanceOf(TimeoutException.class);
            awaitNoFile(file);

            Waits<String> call = Waits.in(() -> workers.call(new Wait(file.toString())));
            awaitFile(file);
            call.thread().interrupt();
            call.failure().isInstanceOf(InterruptedException.class);
            awaitNoFile(file);

            assertThat(workers.call(new Echo("next"))).isEqualTo("next");
            assertThat(file("never")).doesNotExist();
            assertThat(workers.stats().restarts()).isZero();
        }
    }

    @Test
    void jobThatAsksNothingIsInterruptedByEveryWayToGiveItUp() throws Exception {
        try (var workers = set(1).prefetch(2).start()) {
            String pid = workers.call(new ReadPid());
            Path file = file("sleeps");
            CompletableFuture<String> cancelled = workers.send(new Sleep(file.toString()));
            awaitFile(file);
            CompletableFuture<String> ahead = workers.send(new Sleep(file.toString()));
            assertThat(ahead.cancel(true)).as("it has not begun").isTrue();
            assertThat(cancelled.cancel(true)).isTrue();
            awaitNoFile(file);

            Waits<String> call = Waits.in(() -> workers.call(new Sleep(file.toString())));
            awaitFile(file);
            call.thread().interrupt();
            call.failure().isInstanceOf(InterruptedException.class);
            awaitNoFile(file);

            assertThatThrownBy(() -> workers.call(new Sleep(file.toString()),
                    Duration.ofMillis(200), TimeoutAction.ERROR)).isInstanceOf(TimedOut.class);

            assertThat(workers.call(new ReadPid())).as("it is the same worker").isEqualTo(pid);
            assertThat(file).doesNotExist();
        }
    }

    /// Its worker has got them ahead, since its jobs were short before.
    @Test
    void shortJobsAfterALongOneAreDoneByAnotherWorker() throws Exception {
        try (var workers = set(2).start()) {
            for (int i = 0; i < 200; i++) {
                assertThat(workers.call(new Echo("short"))).isEqualTo("short");
            }
            Path file = file("sleeps");
            CompletableFuture<String> sleeping = workers.send(new Sleep(file.toString()));
            awaitFile(file);
            List<CompletableFuture<String>> behind = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                behind.add(workers.send(new Echo("behind")));
            }

            for (CompletableFuture<String> job : behind) {
                assertThat(job).succeedsWithin(Children.PATIENCE).isEqualTo("behind");
            }
            assertThat(sleeping).isNotDone();
            assertThat(sleeping.cancel(true)).isTrue();
            awaitNoFile(file);
        }
    }

    @Test
    void longJobAmongShortOnesKeepsNoneOfThemAndItsCancelInterruptsItAlone() throws Exception {
        try (var workers = set(2).start()) {
            assertThat(workers.awaitReady(Children.PATIENCE)).isTrue();
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) { // most of them together
                jobs.add(workers.send(new Echo("short")));
            }
            Path file = file("sleeps");
            CompletableFuture<String> sleeping = workers.send(new Sleep(file.toString()));
            for (int i = 0; i < 500; i++) {
                jobs.add(workers.send(new Echo("short")));
            }

            for (CompletableFuture<String> job : jobs) {
                assertThat(job).succeedsWithin(Children.PATIENCE).isEqualTo("short");
            }
            awaitFile(file);
            assertThat(sleeping).isNotDone();
            assertThat(sleeping.cancel(true)).isTrue();
            awaitNoFile(file);
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
            assertThat(workers.stats().restarts()).isZero();
        }
    }

    @Test
    void manyJobsAtOnceRunInOneWorkerAndACancelInterruptsTheirThreads() throws Exception {
        try (var workers = set(1).jobsAtOnce(3).start()) {
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                jobs.add(workers.send(new Wait(file("waits " + i).toString())));
                awaitFile(file("waits " + i));
            }
            assertThat(workers.call(new Echo("beside them"))).isEqualTo("beside them");
            assertThat(workers.stats().running()).isEqualTo(2);
            for (int i = 0; i < 2; i++) {
                assertThat(jobs.get(i).cancel(false)).isTrue();
                awaitNoFile(file("waits " + i));
            }
            assertThat(workers.drain(Children.PATIENCE)).isTrue();
        }
    }

    @Test
    void timeoutAsAnErrorLeavesTheWorkerAndTheJobIsCancelled() throws Exception {
        try (var workers = set(1).start()) {
            String pid = workers.call(new ReadPid());
            Path file = file("waits");

            assertThatThrownBy(() -> workers.call(new Wait(file.toString()),
                    Duration.ofMillis(200), TimeoutAction.ERROR)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("Failed to receive response in time");

            assertThat(workers.call(new ReadPid())).as("it is the same worker").isEqualTo(pid);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void restartReplacesTheProcessesWhileJobsGoOn() throws Exception {
        try (var workers = set(2).start()) {
            await("both are there").atMost(Children.PATIENCE)
                    .until(() -> workers.stats().active() == 2);
            List<Long> before = workers.workers().stream().map(WorkerSnapshot::pid).toList();
            Waits<Void> restart = Waits.run(workers::restart);
            int done = 0;
            while (!restart.result().isDone()) {
                String text = "job " + done++;
                assertThat(workers.call(new Echo(text))).isEqualTo(text);
            }

            Void _ = restart.value();
            assertThat(workers.workers()).hasSize(2).extracting(WorkerSnapshot::pid)
                    .doesNotContainAnyElementsOf(before);
            assertThat(workers.stats().failed()).isZero();
        }
    }

    @Test
    void workerThatTakesItsJobsItselfAnswersLaterAndLearnsThatTheHostIsGone() throws Exception {
        try (var workers = WorkerSet.builder(Work.class, String.class)
                .worker(child(ReceivingWorkerChild.class, transport())
                        .arguments(file("the end").toString()))
                .workerCount(1).jobsAtOnce(2).start()) {
            CompletableFuture<String> first = workers.send(new Echo("first"));
            CompletableFuture<String> second = workers.send(new Echo("second"));
            assertThat(first).succeedsWithin(Children.PATIENCE)
                    .isEqualTo("done: Echo[text=first]");
            assertThat(second).isNotDone();
        }
        assertThat(file("the end")).exists();
    }
}
