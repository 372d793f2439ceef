package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A drain and a close return after the futures are complete and what depends on them has returned,
/// but for what is in one of them itself.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerSetDrainTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    /// Less than it takes a test to fail by its own time limit.
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    @Test
    void allDependentsOfManyJobsHaveReturnedAfterADrain() throws Exception {
        int jobs = 10_000;
        AtomicInteger done = new AtomicInteger();
        List<Waits<Void>> workers;
        try (var set = stage.set(2).queueCapacity(jobs).start()) {
            workers = List.of(answering(), answering());
            for (int i = 0; i < jobs; i++) {
                var _ = set.send("a job").thenRun(done::incrementAndGet);
                if (i % 100 == 0) {
                    assertThat(set.drain(LONG)).isTrue();
                    assertThat(done).hasValue(i + 1);
                }
            }
            assertThat(set.drain(LONG)).isTrue();
            assertThat(done).hasValue(jobs);
        }
        for (Waits<Void> worker : workers) {
            Void _ = worker.value();
        }
    }

    /// A worker that does what it gets until the set is closed.
    private Waits<Void> answering() throws InterruptedException {
        Puppet<String, String> worker = stage.enter();
        return Waits.run(() -> worker.responder().serve((_, exchange) -> {
            exchange.part(new Outcome.Started<>(0, false));
            return new Outcome.Value<>("done");
        }));
    }

    @Test
    void drainWaitsForADependentThatRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (var set = stage.set(1).start()) {
            var _ = set.send("a job").thenRun(() -> {
                running.countDown();
                awaitUninterrupted(goOn);
            });
            stage.enter().answer("done");
            awaitUninterrupted(running);

            assertThat(set.drain(SHORT)).isFalse();
            Waits<Boolean> drain = Waits.in(() -> set.drain(LONG));
            var _ = drain.asleep();
            goOn.countDown();
            assertThat(drain.value()).isTrue();
        }
    }

    /// It runs on the thread that receives in the background, and gives the lead up for the first
    /// wait already.
    @Test
    void dependentThatWaitsForAnAnswerAndThenDrainsKeepsNoOtherAnswer() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<Boolean> drained = set.send("first").thenApply(_ -> {
                String _ = send(set, "second").join();
                CompletableFuture<String> _ = send(set, "third");
                return drain(set);
            });
            worker.answer("done");
            worker.answer("done as well");
            worker.answer("and this");

            assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
        }
    }

    private static CompletableFuture<String> send(WorkerSet<String, String> set, String data) {
        try {
            return set.send(data);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /// It runs on the thread that receives the others' answers.
    @Test
    void dependentThatDrainsWaitsForTheJobsAfterItsOwn() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<Boolean> drained =
                    set.send("first").thenApply(_ -> drain(set));
            CompletableFuture<String> second = set.send("second");
            worker.answer("done");
            worker.answer("done as well");

            assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
            assertThat(second).isDone();
            CompletableFuture<String> third = set.send("third");
            worker.answer("and this");
            assertThat(third).succeedsWithin(LONG).isEqualTo("and this");
        }
    }

    /// The thread that waits for one answer receives the other, and its own has yet to come.
    @Test
    void dependentThatDrainsOnAThreadThatWaitsForAnotherAnswerReturns() throws Exception {
        try (var set = stage.set(1).jobsAtOnce(2).start()) {
            Puppet<String, String> worker = stage.enter();
            Waits<String> call = Waits.in(() -> set.call("call"));
            var called = worker.begin();
            CompletableFuture<Boolean> drained =
                    set.send("sent").thenApply(_ -> drain(set));
            worker.answer("done");
            await("the dependent drains").atMost(LONG).until(() -> set.stats().completed() == 1);
            called.send(new Outcome.Value<>("done as well"));

            assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
            assertThat(call.value()).isEqualTo("done as well");
        }
    }

    @Test
    void twoDependentsThatDrainDoNotWaitForEachOther() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (var set = stage.set(2).start()) {
            assertThat(set.awaitReady(LONG)).isTrue(); // each gets one
            List<CompletableFuture<Boolean>> drains = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                drains.add(set.send("a job").thenApply(_ -> {
                    meet(both);
                    return drain(set);
                }));
            }
            stage.enter().answer("done");
            stage.enter().answer("done");

            for (CompletableFuture<Boolean> drain : drains) {
                assertThat(drain).succeedsWithin(LONG).isEqualTo(true);
            }
        }
    }

    @Test
    void dependentThatDrainsWaitsForOneThatDoesNot() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (var set = stage.set(2).start()) {
            assertThat(set.awaitReady(LONG)).isTrue(); // each gets one
            Puppet<String, String> one = stage.enter();
            Puppet<String, String> other = stage.enter();
            CompletableFuture<Void> slow = set.send("a job").thenRun(() -> {
                running.countDown();
                awaitUninterrupted(goOn);
            });
            CompletableFuture<Boolean> tooSoon = set.send("a job").thenApply(_ -> {
                awaitUninterrupted(running);
                boolean isTooSoon = drain(set, SHORT);
                goOn.countDown();
                return isTooSoon || !drain(set);
            });
            one.answer("done");
            other.answer("done");

            assertThat(tooSoon).succeedsWithin(LONG).isEqualTo(false);
            assertThat(slow).isDone();
        }
    }

    @Test
    void dependentThatClosesDoesNotWaitForItself() throws Exception {
        WorkerSet<String, String> set = stage.set(1).start();
        CompletableFuture<Void> closed = set.send("first").thenRun(set::close);
        CompletableFuture<String> second = set.send("second");
        stage.enter().answer("done");

        assertThat(closed).succeedsWithin(LONG);
        assertThat(second).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(EndClosed.class);
        set.close();
    }

    @Test
    void twoDependentsThatCloseDoNotWaitForEachOther() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        WorkerSet<String, String> set = stage.set(2).start();
        assertThat(set.awaitReady(LONG)).isTrue(); // each gets one
        List<CompletableFuture<Void>> closes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            closes.add(set.send("a job").thenRun(() -> {
                meet(both);
                set.close();
            }));
        }
        stage.enter().answer("done");
        stage.enter().answer("done");

        for (CompletableFuture<Void> close : closes) {
            assertThat(close).succeedsWithin(Duration.ofSeconds(8)); // no patience runs out
        }
        set.close();
    }

    @Test
    void closeReturnsAfterTheDependents() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        WorkerSet<String, String> set = stage.set(1).start();
        CompletableFuture<Void> dependent = set.send("a job").thenRun(() -> {
            running.countDown();
            awaitUninterrupted(goOn);
        });
        stage.enter().answer("done");
        awaitUninterrupted(running);

        Waits<Void> close = Waits.run(set::close);
        await("its workers are gone").atMost(LONG).until(() -> set.workers().isEmpty());
        var _ = close.asleep();
        assertThat(close.result()).isNotDone();
        goOn.countDown();
        Void _ = close.value();
        assertThat(dependent).isDone();
    }

    /// The first to be failed by the close is completed by the thread that is to complete the
    /// others.
    @Test
    void dependentThatDrainsCompletesWhatItsThreadWasToComplete() throws Exception {
        WorkerSet<String, String> set = stage.set(1).start();
        Puppet<String, String> worker = stage.enter();
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        List<CompletableFuture<Boolean>> drains = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            CompletableFuture<String> job = set.send("a job");
            jobs.add(job);
            drains.add(job.handle((_, _) -> drain(set)
                    && jobs.stream().allMatch(CompletableFuture::isDone)));
        }
        var _ = worker.begin();
        set.close();

        for (CompletableFuture<Boolean> drain : drains) {
            assertThat(drain).succeedsWithin(LONG).isEqualTo(true);
        }
    }

    /// So one that takes long delays the time limit of no other job.
    @Test
    void dependentOfAJobWhoseTimeIsOverDoesNotKeepTheTimersThread() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (var set = stage.set(1).start()) {
            CompletableFuture<Void> slow =
                    set.job("first").timeout(SHORT, TimeoutAction.ERROR).send()
                            .handle((_, _) -> {
                                awaitUninterrupted(goOn);
                                return null;
                            });
            CompletableFuture<String> next =
                    set.job("next").timeout(SHORT.multipliedBy(2), TimeoutAction.ERROR).send();

            assertThat(next).failsWithin(LONG);
            assertThat(slow).isNotDone();
            goOn.countDown();
            assertThat(slow).succeedsWithin(LONG);
        }
    }

    /// The other job is given in it, so that its time is over while its thread drains.
    @Test
    void dependentOfAJobThatTimesOutCanDrainOthersThatTimeOut() throws Exception {
        WorkerSet<String, String> set = begun(2);
        List<Waits<Void>> workers = List.of(obeying(), obeying());
        PendingJob<String, String> first = job(set, SHORT, TimeoutAction.ERROR);
        CompletableFuture<CompletableFuture<String>> second = new CompletableFuture<>();
        CompletableFuture<Boolean> drained = first.future().handle((_, _) -> {
            PendingJob<String, String> job = job(set, SHORT, TimeoutAction.RESTART);
            submit(set, job);
            second.complete(job.future());
            return drain(set);
        });
        set.dispatcher().submit(first, false);

        assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
        assertThat(first.future()).failsWithin(Duration.ZERO);
        assertThat(second.join()).failsWithin(Duration.ZERO);
        set.close();
        for (Waits<Void> worker : workers) {
            Void _ = worker.value();
        }
    }

    private static void submit(WorkerSet<String, String> set,
            PendingJob<String, String> job) {
        try {
            set.dispatcher().submit(job, false);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    /// A worker that goes on with what it gets until that is cancelled, or it is killed.
    private Waits<Void> obeying() throws InterruptedException {
        Puppet<String, String> worker = stage.enter();
        return Waits.run(() -> worker.responder().serve((_, exchange) -> {
            while (!exchange.isCancelled()) {
                Thread.onSpinWait();
            }
            return new Outcome.Value<>("to nobody");
        }));
    }

    /// It runs on the thread that has killed the worker.
    @Test
    void dependentOfAJobThatIsKilledCanDrainTheOthersOfItsWorker() throws Exception {
        try (var set = stage.set(1).jobsAtOnce(2).start()) {
            CompletableFuture<String> other = set.send("other"); // it has both in hand
            CompletableFuture<Boolean> drained =
                    set.job("killed").timeout(SHORT, TimeoutAction.RESTART).send()
                            .handle((_, failure) -> failure instanceof TimedOut && drain(set));

            assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
            assertThat(other).failsWithin(Duration.ZERO);
        }
    }

    @Test
    void drainInADependentOfAnotherSetWaitsForAllOfThisOne() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (var set = stage.set(1).start(); var other = stage.set(1).start()) {
            CompletableFuture<Boolean> drained =
                    set.send("a job").thenApply(_ -> drain(other));
            CompletableFuture<Void> slow =
                    other.send("a job").thenRun(() -> awaitUninterrupted(goOn));
            stage.enter().answer("done");
            stage.enter().answer("done");
            await("both have ended").atMost(LONG).until(
                    () -> set.stats().completed() + other.stats().completed() == 2);

            assertThat(drained).isNotDone();
            goOn.countDown();
            assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
            assertThat(slow).isDone();
        }
    }

    /// Its thread may be the timer's, which gets another one beside it for as long.
    @Test
    void dependentDrainsWhereNoThreadCanBeStarted() throws Exception {
        WorkerSet<String, String> set = begun(1);
        set.threads().timer().setThreadFactory(_ -> {
            throw new OutOfMemoryError("unable to create native thread: made up");
        });
        // one that a thread would take
        var _ = set.threads().timer().schedule(() -> {}, 1, TimeUnit.HOURS);
        PendingJob<String, String> job = job(set, null, TimeoutAction.ERROR);
        CompletableFuture<Boolean> drained = job.future().thenApply(_ -> drain(set));
        set.dispatcher().submit(job, false);
        stage.enter().answer("done");

        assertThat(drained).succeedsWithin(LONG).isEqualTo(true);
        assertThat(set.threads().timer().getCorePoolSize()).as("after the wait").isEqualTo(1);
        set.close();
    }

    private static PendingJob<String, String> job(WorkerSet<String, String> set,
            @Nullable Duration timeout, TimeoutAction action) {
        return new PendingJob<>(set.dispatcher(), new Task.Bidirectional<>("a job"),
                new JobOptions<>(timeout, action, false, _ -> {}, null, null, 0), Headers.NONE);
    }

    /// A set with so many workers, before it is used.
    private WorkerSet<String, String> begun(int workers) {
        WorkerSet<String, String> set = new WorkerSet<>(new SetOptions<>(stage.worker(),
                JobTypes.of(TypeToken.of(String.class), TypeToken.of(String.class)), workers, 1, 0,
                1, BusyPolicy.reject(), null, TimeoutAction.ERROR, 0, null, Long.MAX_VALUE, null,
                Long.MAX_VALUE, 0, null, Set.of(), 1, LONG, new WorkerListener() {},
                ContextCarrier.of(Map.of())));
        set.begin();
        return set;
    }

    private static boolean drain(WorkerSet<?, ?> set) {
        return drain(set, LONG.minusSeconds(10));
    }

    private static boolean drain(WorkerSet<?, ?> set, Duration timeout) {
        try {
            return set.drain(timeout);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            int _ = barrier.await(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
