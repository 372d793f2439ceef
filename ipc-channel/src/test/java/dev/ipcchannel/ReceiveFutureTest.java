package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Occupied;
import dev.ipcchannel.testing.Waits;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Futures that wait for a message.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiveFutureTest {

    private static final int RACES = 3000;

    @RegisterExtension
    final Children children = new Children();

    /// The ways to end a future by hand.
    enum Ending {
        CANCEL {
            @Override
            void end(CompletableFuture<Integer> future) {
                future.cancel(true);
            }
        },
        COMPLETE {
            @Override
            void end(CompletableFuture<Integer> future) {
                future.complete(NOT_A_MESSAGE);
            }
        },
        FAIL {
            @Override
            void end(CompletableFuture<Integer> future) {
                future.completeExceptionally(new TimeoutException());
            }
        },
        COMPLETE_ASYNC {
            @Override
            void end(CompletableFuture<Integer> future) {
                future.completeAsync(() -> NOT_A_MESSAGE, Runnable::run);
            }
        };

        static final int NOT_A_MESSAGE = -1;

        abstract void end(CompletableFuture<Integer> future);
    }

    @Test
    void futurePendsAndCompletesOnceWithTheMessage() throws Exception {
        AtomicInteger wakeUps = new AtomicInteger();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> future = channel.receiver().receiveAsync();
            CompletableFuture<Integer> seen =
                    future.whenComplete((_, _) -> wakeUps.incrementAndGet());
            Occupied.byAThread(channel.receiver());
            assertThat(future).isNotDone();

            channel.sender().send(5);

            assertThat(value(seen)).isEqualTo(5);
            assertThat(wakeUps).hasValue(1);
            assertThat(future.complete(6)).isFalse();
            assertThat(future.cancel(true)).isFalse();
            assertThat(future).isCompletedWithValue(5);
        }
    }

    /// No other thread can receive first, even if the future's thread starts late.
    @Test
    void receiverIsTheFuturesOnceReceiveAsyncHasReturned() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            for (int i = 0; i < RACES; i++) {
                channel.sender().send(i);
                CompletableFuture<Integer> future = channel.receiver().receiveAsync();
                try {
                    assertThat(channel.receiver().tryReceive()).as("after the future").isNull();
                } catch (IllegalStateException refused) {
                    assertThat(refused).message().containsAnyOf(
                            "belongs to a future of receiveAsync", "inside=ipc-channel receive");
                }
                assertThat(value(future)).isEqualTo(i);
            }
        }
    }

    @Test
    void secondFutureFailsAtOnceAndTheFirstGoesOn() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> first = channel.receiver().receiveAsync();
            CompletableFuture<Integer> second = channel.receiver().receiveAsync();

            failure(second).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to a future of receiveAsync");
            channel.sender().send(1);
            assertThat(value(first)).isEqualTo(1);
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void whatDependsOnItMayReceiveAgain() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> sum = channel.receiver().receiveAsync()
                    .thenCompose(first -> channel.receiver().receiveAsync()
                            .thenApply(second -> first + second));

            channel.sender().send(3);
            channel.sender().send(4);

            assertThat(value(sum)).isEqualTo(7);
        }
    }

    @Test
    void onceCancelHasReturnedAnotherReceives() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> future = channel.receiver().receiveAsync();
            Occupied.byAThread(channel.receiver());

            assertThat(future.cancel(true)).isTrue();

            assertThat(channel.receiver().tryReceive()).isNull();
            assertThat(future.cancel(true)).as("again").isTrue();
            assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endByHandThatRacesWithTheMessageLosesNone(Ending ending) throws Exception {
        SplittableRandom random = new SplittableRandom();
        SplittableRandom senders = random.split();
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Waits<Void> sending = Waits.run(() -> {
                for (int i = 0; i < RACES; i++) {
                    Occupied.spin(senders);
                    channel.sender().send(i);
                }
            });
            for (int i = 0; i < RACES;) {
                CompletableFuture<Integer> future = channel.receiver().receiveAsync();
                AtomicInteger completions = new AtomicInteger();
                CompletableFuture<Void> over = future.handle((_, _) -> {
                    completions.incrementAndGet();
                    return null;
                });
                Occupied.spin(random);
                ending.end(future);
                value(over);
                if (!future.isCompletedExceptionally()
                        && future.join() != Ending.NOT_A_MESSAGE) {
                    assertThat(future.join()).isEqualTo(i++);
                }
                assertThat(completions).hasValue(1);
                if (i < RACES) {
                    assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(i++);
                }
            }
            sending.value();
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void timeoutOfTheFutureEndsItsWait() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> future =
                    channel.receiver().receiveAsync().orTimeout(10, TimeUnit.MILLISECONDS);

            failure(future).isInstanceOf(TimeoutException.class);

            channel.sender().send(1);
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    void endOfTheSendersFailsIt() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> future = channel.receiver().receiveAsync();

            channel.sender().close();

            failure(future).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void closeOfTheReceiverFailsIt() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> future = channel.receiver().receiveAsync();
            Occupied.byAThread(channel.receiver());

            channel.receiver().close();

            failure(future).isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void secondFutureAtTheSameTimeIsRefused() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> first = channel.receiver().receiveAsync();
            Occupied.byAThread(channel.receiver());

            failure(channel.receiver().receiveAsync()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(channel.receiver()::tryReceive)
                    .isInstanceOf(IllegalStateException.class);

            channel.sender().send(1);
            assertThat(value(first)).isEqualTo(1);
        }
    }

    @Test
    void valueThatIsForcedOnItEndsItsWait() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            CompletableFuture<Integer> future = channel.receiver().receiveAsync();
            Occupied.byAThread(channel.receiver());

            future.obtrudeValue(2);

            assertThat(future).isCompletedWithValue(2);
            channel.sender().send(1);
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo(1);
        }
    }

    private static <T> T value(CompletableFuture<T> future) throws Exception {
        return future.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> failure(
            CompletableFuture<?> future) {
        return assertThatThrownBy(() -> value(future)).isInstanceOf(ExecutionException.class)
                .cause();
    }
}
