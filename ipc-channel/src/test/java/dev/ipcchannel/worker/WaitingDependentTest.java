package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Dependents of the futures of a set, which run on a thread that receives for the set, and wait,
/// for another job or for anything else: the other jobs go on.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingDependentTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    private final AtomicReference<Thread> runner = new AtomicReference<>(); // of the dependent

    /// A dependent of the first job, which waits.
    private <T> CompletableFuture<T> after(WorkerSet<String, String> set, Wait<T> wait)
            throws InterruptedException {
        return set.send("first").thenApply(_ -> {
            runner.set(Thread.currentThread());
            try {
                return wait.value();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    @FunctionalInterface
    private interface Wait<T> {

        T value() throws Exception;
    }

    private void awaitItsWait() {
        await().atMost(LONG).until(() -> {
            Thread thread = runner.get();
            return thread != null && thread.getState() == Thread.State.WAITING;
        });
    }

    @Test
    void forAnAnswerThatIsLongInComing() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> answer = after(set, () -> set.send("second").join());
            worker.answer("done");
            awaitItsWait();
            worker.answer("at last");

            assertThat(answer).succeedsWithin(LONG).isEqualTo("at last");
        }
    }

    @Test
    void forAJobInTheQueue() throws Exception {
        try (var set = stage.set(1).prefetch(0).start()) {
            Puppet<String, String> worker = stage.enter();
            CountDownLatch isThere = new CountDownLatch(1);
            CompletableFuture<String> answer = after(set, () -> {
                isThere.await();
                return set.call("third");
            });
            CompletableFuture<String> second = set.send("second");
            isThere.countDown();
            worker.answer("done");
            awaitItsWait();
            worker.answer("done as well");
            worker.answer("and this");

            assertThat(answer).succeedsWithin(LONG).isEqualTo("and this");
            assertThat(second).succeedsWithin(LONG).isEqualTo("done as well");
        }
    }

    @Test
    void forRoomInTheQueue() throws Exception {
        try (var set = stage.set(1).prefetch(0).queueCapacity(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CountDownLatch isFull = new CountDownLatch(1);
            CompletableFuture<String> fourth = after(set, () -> {
                isFull.await();
                return set.call("fourth");
            });
            CompletableFuture<String> _ = set.send("second");
            worker.answer("done");
            CompletableFuture<String> _ = set.send("third");
            isFull.countDown();
            worker.answer("done as well");
            worker.answer("this too");
            worker.answer("and this");

            assertThat(fourth).succeedsWithin(LONG).isEqualTo("and this");
        }
    }

    @Test
    void forSomeJobsAtOnce() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<Void> both = after(set,
                    () -> CompletableFuture.allOf(set.send("second"), set.send("third")).join());
            worker.answer("done");
            worker.answer("done as well");
            worker.answer("and this");

            assertThat(both).succeedsWithin(LONG);
        }
    }

    @Test
    void forAStreamOfJobsAsTheyCome() throws Exception {
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<Long> count = after(set,
                    () -> set.mapUnordered(Stream.of("second", "third")).count());
            worker.answer("done");
            worker.answer("done as well");
            worker.answer("and this");

            assertThat(count).succeedsWithin(LONG).isEqualTo(2L);
        }
    }

    /// One thread is to complete both.
    @Test
    void forAJobThatEndsWithItsOwn() throws Exception {
        try (var set = stage.set(1).jobsAtOnce(2).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<CompletableFuture<String>> second = new CompletableFuture<>();
            CompletableFuture<String> words = set.send("first")
                    .exceptionally(_ -> second.join().exceptionally(Throwable::getMessage).join());
            second.complete(set.send("second"));
            var _ = worker.begin();
            var _ = worker.begin();
            worker.die();

            assertThat(words).succeedsWithin(LONG).asString().contains("it is not tried again");
        }
    }

    @Test
    void forSomethingElse() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (var set = stage.set(1).start()) {
            Puppet<String, String> worker = stage.enter();
            CompletableFuture<String> first = after(set, () -> {
                goOn.await();
                return "the end";
            });
            worker.answer("done");
            awaitItsWait();
            Waits<String> call = Waits.in(() -> set.call("second"));
            worker.answer("done as well");
            assertThat(call.value()).isEqualTo("done as well");
            CompletableFuture<String> third = set.send("third").thenApply(answer -> answer + "!");
            worker.answer("and this");
            assertThat(third).succeedsWithin(LONG).isEqualTo("and this!");
            assertThat(first).isNotDone();

            goOn.countDown();
            assertThat(first).succeedsWithin(LONG).isEqualTo("the end");
        }
    }

    /// The thread that waits for a job of its own, in whose wait the dependent runs, receives the
    /// end of that job no more.
    @Test
    void forAllJobsAfterACallOnAThreadThatHasAJobOfItsOwn() throws Exception {
        try (var set = stage.set(1).jobsAtOnce(3).start()) {
            Puppet<String, String> worker = stage.enter();
            CountDownLatch isReady = new CountDownLatch(1);
            Waits<String> call = Waits.in(() -> {
                isReady.await();
                return set.call("own");
            });
            CompletableFuture<Boolean> drained = set.send("first").thenApply(_ -> {
                try {
                    assertThat(Thread.currentThread()).isSameAs(call.thread());
                    assertThat(set.call("second")).isEqualTo("done as well");
                    return set.drain(LONG);
                } catch (InterruptedException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            var first = worker.begin();
            isReady.countDown();
            var ownJob = worker.begin();
            var _ = call.asleep();
            first.send(new Outcome.Value<>("done"));
            worker.answer("done as well");
            await().until(() -> Arrays.stream(call.thread().getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("drain")));
            ownJob.send(new Outcome.Value<>("own answer"));

            assertThat(drained).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
            assertThat(call.value()).isEqualTo("own answer");
        }
    }

    @Test
    void forEverAfterTheDeathOfItsWorkerKeepsTheCloseNoLongerThanOthers() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch isIn = new CountDownLatch(1);
        var set = stage.set(1).start();
        Puppet<String, String> worker = stage.enter();
        CompletableFuture<String> first = set.send("first").exceptionally(_ -> {
            isIn.countDown();
            try {
                goOn.await();
            } catch (InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
            return "the end";
        });
        var _ = worker.begin();
        worker.die();
        isIn.await();
        Waits<Void> close = Waits.run(set::close);

        assertThat(close.result()).succeedsWithin(LONG);
        assertThat(first).isNotDone();
        goOn.countDown();
        assertThat(first).succeedsWithin(LONG).isEqualTo("the end");
    }

    @Test
    void forEverAfterTheCloseKeepsThatNoLongerThanOthers() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        var set = stage.set(1).start();
        Puppet<String, String> worker = stage.enter();
        CompletableFuture<String> first = set.send("first").exceptionally(_ -> {
            try {
                goOn.await();
            } catch (InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
            return "the end";
        });
        var _ = worker.begin();
        Waits<Void> close = Waits.run(set::close);

        assertThat(close.result()).succeedsWithin(LONG);
        assertThat(first).isNotDone();
        goOn.countDown();
        assertThat(first).succeedsWithin(LONG).isEqualTo("the end");
    }
}
