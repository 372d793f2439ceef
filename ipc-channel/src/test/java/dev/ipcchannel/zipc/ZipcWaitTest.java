package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.internal.posix.Futex;
import dev.ipcchannel.testing.FutexSleep;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waits for a message and their ends, on platform and virtual threads.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcWaitTest {

    private static final int SLOTS = 8;
    private static final int LENGTH = 64;
    private static final int MANY = 2000;
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONGER = Duration.ofMillis(300); // than the waker is delayed
    private static final long DAY = TimeUnit.DAYS.toNanos(1);
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();

    private ZipcSender sender() {
        return ZipcSender.open(queue.name(), SLOTS, LENGTH);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
    }

    private static String text(@Nullable ZipcMessage message) {
        return message == null ? "none" : new String(message.bytes(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitLastsItsTime(boolean isVirtual) throws Exception {
        try (ZipcSender _ = sender(); ZipcReceiver receiver = receiver()) {
            long start = System.nanoTime();
            assertThat(Waits.in(isVirtual, () -> text(receiver.receive(SHORT))).value())
                    .isEqualTo("none");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
            assertThat(Waits.in(isVirtual, () -> receiver.receive(new byte[LENGTH], SHORT)).value())
                    .isEqualTo(-1);
        }
    }

    @Test
    void noTimeIsOneLook() throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(receiver.receive(Duration.ZERO)).isNull();
            assertThat(receiver.receive(Duration.ofDays(-1))).isNull();
            assertThat(sender.send(new byte[3])).isTrue();
            assertThat(receiver.receive(Duration.ZERO)).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messageEndsAWaitWithoutEnd(boolean isVirtual) throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(FOR_EVER)));
            Waits<String> _ = waits.asleep();
            assertThat(sender.send("hello".getBytes(UTF_8))).isTrue();
            assertThat(waits.value()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receiverThatIsFirstGetsTheFirstMessageOfASenderThatComesLater(boolean isVirtual)
            throws Exception {
        try (ZipcReceiver receiver = receiver()) {
            Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(FOR_EVER)));
            Waits<String> _ = waits.asleep();
            try (ZipcSender sender = sender()) {
                assertThat(sender.send("first".getBytes(UTF_8))).isTrue();
                assertThat(waits.value()).isEqualTo("first");
            }
        }
    }

    @Test
    void waitingReceiverSaysSoToSendersThatWakeOnlyThen() throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            Waits<String> waits = Waits.in(() -> text(receiver.receive(FOR_EVER))).asleep();
            assertThat(sender.sharedMemory().get(JAVA_INT, QueueLayout.WAITERS)).isEqualTo(1);
            assertThat(sender.send(new byte[0])).isTrue();
            assertThat(waits.value()).isEmpty();
            assertThat(sender.sharedMemory().get(JAVA_INT, QueueLayout.WAITERS)).isZero();
        }
    }

    /// Receivers of the first versions sleep like that, without being counted.
    @Test
    void messageWakesASleeperThatIsNotCountedAmongTheWaiters() throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            MemorySegment other = receiver.sharedMemory(); // another mapping than the sender's
            long tail = other.address() + QueueLayout.TAIL;
            Waits<Void> sleeping = Waits.run(() -> Futex.await(tail, 0, DAY));
            FutexSleep.await(tail);
            assertThat(other.get(JAVA_INT, QueueLayout.WAITERS)).isZero();
            assertThat(sender.send(new byte[1])).isTrue();
            assertThat(sleeping.value()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wakesWithoutAMessageMakeNoWaitLonger(boolean isVirtual) throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            AtomicBoolean isOver = new AtomicBoolean();
            Waits<Void> waking = Waits.run(() -> {
                for (int i = 0; !isOver.get(); i++) {
                    sender.queue.setWaiting(i % 2 == 0);
                    sender.queue.wake();
                }
            });
            Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(LONGER)));
            assertThat(waits.value()).isEqualTo("none");
            isOver.set(true);
            assertThat(waking.value()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptEndsAWaitAndTheReceiverGoesOn(boolean isVirtual) throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(FOR_EVER)));
            waits.asleep().thread().interrupt();
            waits.failure().isInstanceOf(InterruptedException.class);

            assertThat(sender.send("later".getBytes(UTF_8))).isTrue();
            assertThat(text(receiver.receive(FOR_EVER))).isEqualTo("later");
        }
    }

    @Test
    void interruptThatCameBeforeEndsAWaitAndNoLook() throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> receiver.receive(FOR_EVER))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();

            assertThat(sender.send(new byte[2])).isTrue();
            Thread.currentThread().interrupt();
            assertThat(receiver.receive(FOR_EVER)).isNotNull();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeByAnotherThreadEndsAWait(boolean isVirtual) throws Exception {
        ZipcReceiver receiver = receiver();
        Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(FOR_EVER)));
        Waits<String> _ = waits.asleep();
        receiver.close();
        waits.failure().isInstanceOf(EndClosed.class).hasMessageContaining(queue.name());
    }

    /// The thread is entering the kernel, in it, or leaving it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptEndsAWaitWhereverTheThreadIs(boolean isVirtual) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (ZipcReceiver receiver = receiver()) {
            for (int i = 0; i < MANY; i++) {
                Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(FOR_EVER)));
                pass(random.nextInt(100_000));
                waits.thread().interrupt();
                waits.failure().as("seed %d", seed).isInstanceOf(InterruptedException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeEndsAWaitWhereverTheThreadIs(boolean isVirtual) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < MANY; i++) {
            ZipcReceiver receiver = receiver();
            Waits<String> waits = Waits.in(isVirtual, () -> text(receiver.receive(FOR_EVER)));
            pass(random.nextInt(100_000));
            receiver.close();
            waits.failure().as("seed %d", seed).isInstanceOf(EndClosed.class);
        }
    }

    /// Spins for a time, so that the other thread is met at any place.
    private static void pass(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    @Test
    void virtualThreadsWaitWithoutTheirCarriers() throws Exception {
        int count = 4 * Runtime.getRuntime().availableProcessors();
        List<OwnQueue> names = new ArrayList<>();
        List<ZipcReceiver> receivers = new ArrayList<>();
        List<Waits<String>> waits = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                names.add(OwnQueue.make());
                ZipcReceiver receiver = ZipcReceiver.open(names.get(i).name(), SLOTS, LENGTH);
                receivers.add(receiver);
                waits.add(Waits.inVirtualThread(() -> text(receiver.receive(FOR_EVER))).asleep());
            }
            assertThat(Waits.inVirtualThread(() -> "ran").value()).isEqualTo("ran");
            for (int i = count - 1; i >= 0; i--) {
                try (ZipcSender sender = ZipcSender.open(names.get(i).name(), SLOTS, LENGTH)) {
                    assertThat(sender.send("to each".getBytes(UTF_8))).isTrue();
                    assertThat(waits.get(i).value()).isEqualTo("to each");
                }
            }
        } finally {
            receivers.forEach(ZipcReceiver::close);
            names.forEach(name -> Zipc.unlink(name.name()));
        }
    }

    @Test
    void secondThreadThatReceivesIsRefusedAndTheFirstGoesOn() throws Exception {
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            Waits<String> waits = Waits.in(() -> text(receiver.receive(FOR_EVER))).asleep();
            assertThatThrownBy(receiver::receive).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("one thread at a time receives from zipc queue "
                            + queue.name());
            assertThat(sender.send("hello".getBytes(UTF_8))).isTrue();
            assertThat(waits.value()).isEqualTo("hello");
        }
    }

    @Test
    void strictReceiverWaitsLessThanASecond() throws Exception {
        ZipcOptions strict = ZipcOptions.defaults().withStrict(true);
        try (ZipcSender sender = sender();
                ZipcReceiver receiver = ZipcReceiver.open(queue.name(), SLOTS, LENGTH, strict)) {
            assertThatThrownBy(() -> receiver.receive(Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "a strict receiver of zipc queue %s of 8 slots of 64 bytes waits 999 ms"
                                    .formatted(queue.name())
                                    + " at most: timeout=1 s: wait again, or open it"
                                    + " without strict");
            assertThat(sender.send(new byte[1])).isTrue();
            assertThat(receiver.receive(Duration.ofMillis(999))).isNotNull();
        }
    }
}
