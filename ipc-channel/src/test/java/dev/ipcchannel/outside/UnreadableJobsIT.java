package dev.ipcchannel.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.LengthChild;
import dev.ipcchannel.testing.children.Order;
import dev.ipcchannel.testing.children.OrderChild;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Jobs and answers that cannot be decoded, over any transport: only they fail; no worker ends, nor
/// does the set.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreadableJobsIT {

    private static final int JOBS = 25;

    @RegisterExtension
    final Children children = new Children();

    /// The transport of the jobs.
    enum Way {
        SHM, UNIX, OUTSIDE;

        private Transport transport() {
            return switch (this) {
                case SHM -> Transport.shm();
                case UNIX -> Transport.unix();
                case OUTSIDE -> new LoopbackTransport();
            };
        }

        private WorkerSetBuilder<Order, Order> set() {
            return WorkerSet.builder(Order.class, Order.class)
                    .worker(ChildJvm.of(this == OUTSIDE ? LoopbackOrderChild.class
                            : OrderChild.class).shortLived().noClassArchive()
                            .jvmOptions(Order.OPTION).output(Output.capture())
                            .errors(Output.capture()))
                    .transport(transport()).workerCount(1)
                    .restartLimit(1, Duration.ofHours(1));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void jobsThatAWorkerCannotReadEndNeitherItNorTheSet(Way way) throws Exception {
        try (WorkerSet<Order, Order> workers = way.set().start()) {
            long pid = pid(workers);
            List<CompletableFuture<Order>> good = new ArrayList<>();
            List<CompletableFuture<Order>> bad = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                good.add(workers.send(new Order(Order.LEAST + i)));
                bad.add(workers.send(new Order(i % Order.LEAST)));
            }
            for (int i = 0; i < JOBS; i++) {
                int n = i % Order.LEAST;
                assertThat(answer(good.get(i))).isEqualTo(new Order(Order.LEAST + i));
                assertThat(failure(bad.get(i))).isInstanceOfSatisfying(CallFailed.class,
                        failed -> assertThat(failed.remoteMessage())
                                .contains("an order of this size is not taken here: n=" + n));
            }
            assertThat(pid(workers)).as("it is the same worker").isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void jobsWithoutAnAnswerFailAndAreCounted(Way way) throws Exception {
        try (WorkerSet<Order, Order> workers = way.set().start()) {
            long pid = pid(workers);
            for (int i = 0; i < JOBS; i++) {
                workers.tell(new Order(i % Order.LEAST));
            }
            assertThat(workers.call(new Order(Order.LEAST))).isEqualTo(new Order(Order.LEAST));

            assertThat(workers.drain(Children.PATIENCE)).isTrue();
            assertThat(workers.stats().failed()).isEqualTo(JOBS);
            assertThat(pid(workers)).as("it is the same worker").isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void jobsThatAWorkerCannotReadAreOneOfManyAtOnce(int jobsAtOnce) throws Exception {
        try (WorkerSet<Order, Order> workers =
                Way.SHM.set().jobsAtOnce(jobsAtOnce).prefetch(jobsAtOnce == 1 ? 4 : 0).start()) {
            long pid = pid(workers);
            List<CompletableFuture<Order>> all = new ArrayList<>();
            for (int i = 0; i < 2 * JOBS; i++) {
                all.add(workers.send(new Order(i)));
            }
            for (int i = 0; i < all.size(); i++) {
                if (i < Order.LEAST) {
                    assertThat(failure(all.get(i))).isInstanceOf(CallFailed.class);
                } else {
                    assertThat(answer(all.get(i))).isEqualTo(new Order(i));
                }
            }
            assertThat(pid(workers)).as("it is the same worker").isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void answersThatTheHostCannotReadFailTheirJobs(Way way) throws Exception {
        try (WorkerSet<Order, Order> workers = way.set().start()) {
            long pid = pid(workers);
            for (int i = 0; i < JOBS; i++) {
                CompletableFuture<Order> bad =
                        workers.send(new Order(OrderChild.ANSWERS_TOO_MUCH));
                CompletableFuture<Order> good = workers.send(new Order(Order.LEAST));
                assertUnreadable(failure(bad));
                assertThat(answer(good)).isEqualTo(new Order(Order.LEAST));
            }
            assertThat(pid(workers)).as("it is the same worker").isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void partsThatTheHostCannotReadFailTheirJobsAndCancelThem(Way way) throws Exception {
        try (WorkerSet<Order, Order> workers = way.set().start()) {
            long pid = pid(workers);
            for (int i = 0; i < 3; i++) {
                List<Order> parts = new ArrayList<>();
                CompletableFuture<Order> bad =
                        workers.job(new Order(OrderChild.SENDS_TOO_MUCH)).onPart(parts::add).send();
                assertUnreadable(failure(bad));
                assertThat(parts).containsExactly(new Order(OrderChild.SENDS_TOO_MUCH));
                assertThat(workers.call(new Order(Order.LEAST))).isEqualTo(new Order(Order.LEAST));
            }
            assertThat(pid(workers)).as("it is the same worker").isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, names = {"SHM", "UNIX"})
    void jobThatDoesNotFitIntoTheHeapOfAWorkerFailsAlone(Way way) throws Exception {
        try (WorkerSet<byte[], Integer> workers = WorkerSet.builder(byte[].class, Integer.class)
                .worker(ChildJvm.of(LengthChild.class).shortLived().noClassArchive()
                        .heap(24 << 20).output(Output.capture()).errors(Output.capture()))
                .transport(way.transport()).workerCount(1)
                .restartLimit(1, Duration.ofHours(1)).start()) {
            long pid = pid(workers);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> workers.call(new byte[40 << 20]))
                        .isInstanceOfSatisfying(CallFailed.class, failure -> {
                            assertThat(failure.remoteType())
                                    .isEqualTo(ResourceExhausted.class.getName());
                            assertThat(failure.remoteMessage()).contains("heap=", "-Xmx");
                        });
                assertThat(workers.call(new byte[1000])).isEqualTo(1000);
            }
            assertThat(pid(workers)).as("it is the same worker").isEqualTo(pid);
        }
    }

    private static void assertUnreadable(Throwable failure) {
        assertThat(failure).isInstanceOf(CodecFailed.class)
                .hasMessageContaining("an order of this size is not taken here: n=1000");
    }

    private static long pid(WorkerSet<?, ?> workers) {
        return workers.workers().getFirst().pid();
    }

    private static Order answer(CompletableFuture<Order> future) throws Exception {
        return future.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Throwable failure(CompletableFuture<Order> future) throws Exception {
        try {
            throw new AssertionError("an answer: " + answer(future));
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause());
        }
    }
}
