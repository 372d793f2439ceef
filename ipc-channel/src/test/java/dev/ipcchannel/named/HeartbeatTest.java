package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Ticks;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.presence.Subscribers;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Heartbeats, which start completely or not at all, and end at once.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeartbeatTest {

    private static final long MILLISECOND = 1_000_000;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    @Test
    void heartbeatThatCouldNotStartIsNotTakenForOneThatBeats() {
        Subscribers subscribers = new Subscribers();
        assertThatThrownBy(() -> Heartbeat.start(subscribers, 0))
                .isInstanceOf(IllegalArgumentException.class);

        try (Heartbeat second = Heartbeat.start(subscribers, MILLISECOND)) {
            assertThat(second).isNotNull();
            assertThat(Heartbeat.start(subscribers, MILLISECOND)).as("two at once").isNull();
        }
    }

    /// After an hour's stop, a process must not make up for the beats of that hour.
    @Test
    void beatsThatWereMissedAreNotMadeUpFor() throws Exception {
        CountDownLatch standstill = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Heartbeat _ = Heartbeat.start(new Subscribers(), MILLISECOND)) {
            occupyTicks(begun, standstill);
            Future<Long> after = Ticks.timer().schedule(Ticks.timer()::getCompletedTaskCount,
                    100 * MILLISECOND, TimeUnit.NANOSECONDS);
            long due = System.nanoTime() + 100 * MILLISECOND;
            await().until(() -> System.nanoTime() - due > 0);
            long before = Ticks.timer().getCompletedTaskCount();
            standstill.countDown();

            assertThat(after.get() - before).as("beats").isLessThan(10);
        }
    }

    /// If the process's thread for beats is late, its last beat grows old for all senders.
    @Test
    void receiverWhoseBeatHasGrownOldIsNotReadyForASenderThatComesThen() throws Exception {
        CountDownLatch standstill = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Duration interval = Duration.ofMillis(20);
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            occupyTicks(begun, standstill);
            try (Heartbeat _ = receiver.startHeartbeat(interval)) {
                long old = System.nanoTime() + interval.multipliedBy(3).toNanos();
                await().until(() -> System.nanoTime() - old > 0);
                try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
                    assertThatThrownBy(() -> sender.waitUntilReady(Duration.ZERO))
                            .isInstanceOf(TimedOut.class);
                    standstill.countDown();
                    sender.waitUntilReady(Children.PATIENCE);
                }
            }
        } finally {
            standstill.countDown();
        }
    }

    /// The last beat was long ago, and the next one comes in a day.
    @Test
    void senderThatComesAfterTheLastBeatFindsItsReceiverReady() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                Heartbeat _ = receiver.startHeartbeat(Duration.ofDays(1));
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.waitUntilReady(Children.PATIENCE);
        }
    }

    /// They wait neither for a beat nor for the thread of beats, which is blocked here.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stopAndCloseWaitForNothing(boolean isClosed) throws Exception {
        CountDownLatch standstill = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            occupyTicks(begun, standstill);
            for (int i = 0; i < 20; i++) {
                Heartbeat heartbeat = receiver.startHeartbeat(Duration.ofDays(1));
                sender.waitUntilReady(Children.PATIENCE);
                if (isClosed) {
                    heartbeat.close();
                } else {
                    heartbeat.stop();
                }
                assertThat(heartbeat.isBeating()).isFalse();
                assertThatThrownBy(() -> sender.waitUntilReady(Duration.ZERO))
                        .isInstanceOf(TimedOut.class);
            }
        } finally {
            standstill.countDown();
        }
    }

    /// Blocks the thread of beats with another task.
    private static void occupyTicks(CountDownLatch begun, CountDownLatch standstill)
            throws InterruptedException {
        Future<?> _ = Ticks.timer().submit(() -> {
            begun.countDown();
            standstill.await();
            return true;
        });
        begun.await();
    }

    /// The notification may come late: the thread that takes it is busy with another one.
    @Test
    void receiverWhoseHeartbeatHasStoppedIsNotReadyEvenBeforeItsWordHasCome() throws Exception {
        CountDownLatch words = new CountDownLatch(1);
        CountDownLatch isAtWork = new CountDownLatch(1);
        Role busy = new PlainRole("receiver", "sender", () -> {
            isAtWork.countDown();
            words.await();
        });
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> sender = NamedSender.open("words", String.class);
                Member _ = open(busy); Member other = open(new PlainRole("sender", "receiver",
                        () -> {}))) {
            Heartbeat heartbeat = receiver.startHeartbeat(Duration.ofDays(1));
            sender.waitUntilReady(Children.PATIENCE);
            other.counterparts().getFirst().send(Notice.of(Notice.Kind.STOPPED));
            isAtWork.await();
            try {
                heartbeat.stop();

                assertThatThrownBy(() -> sender.waitUntilReady(Duration.ZERO))
                        .isInstanceOf(TimedOut.class);
            } finally {
                words.countDown();
            }
        }
    }

    private static Member open(Role role) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "others", "", "", "test", role);
    }

    /// A test's action for a notification.
    private interface OnWord {
        void run() throws InterruptedException;
    }

    /// A role that offers nothing and accepts every counterpart.
    private record PlainRole(String word, String counterpartWord, OnWord onWord) implements Role {

        @Override
        public boolean offer(Counterpart counterpart, Transfer transfer) {
            return true;
        }

        @Override
        public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
            return null;
        }

        @Override
        public void notice(Counterpart counterpart, Notice notice) {
            try {
                onWord.run();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public void disconnect(Counterpart counterpart) {
            // nothing was made for it
        }
    }
}
