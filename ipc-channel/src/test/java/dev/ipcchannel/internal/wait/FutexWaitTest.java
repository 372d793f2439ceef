package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ipcchannel.internal.posix.Futex;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.testing.FutexSleep;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Waits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waits on a word of memory that is not there, or goes away meanwhile.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FutexWaitTest {

    private static final long NOWHERE = 64; // on the page at 0, which nothing is mapped to
    private static final long LENGTH = 4096;
    private static final long SLEEP = TimeUnit.SECONDS.toNanos(2); // the memory goes within it
    private static final long DAY = TimeUnit.DAYS.toNanos(1);

    /// The thread's look at the word, which comes next, then finds that it is not there.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitOnAWordThatIsNotThereReturnsToTheCaller(boolean isVirtual) throws Exception {
        FutexWait wait = new FutexWait(NOWHERE);
        assertThat(Waits.in(isVirtual, () -> {
            wait.await(0, DAY);
            return "slept";
        }).value()).isEqualTo("slept");
        assertThat(wait.stop()).isTrue(); // it has come out
    }

    @Test
    void wakeOfAWordThatIsNotThereFails() {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Futex.wake(NOWHERE, 1))
                .withMessageStartingWith("futex(FUTEX_WAKE) failed: EFAULT (14), most=1");
    }

    @Test
    void stopOfAThreadThatNoWakeReachesIsFalse() throws Exception {
        SharedMemory memory = SharedMemory.create(LENGTH);
        long address = memory.segment().address();
        FutexWait wait = new FutexWait(address);
        Waits<Void> waiting = Waits.run(() -> wait.await(0, SLEEP));
        FutexSleep.await(address);
        memory.close();
        assertThat(wait.stop()).isFalse();
        assertThat(waiting.value()).isNull(); // its time was over
        assertThat(wait.stop()).isTrue();
    }

    @Test
    void stopOfASleeperThatWasMovedToAnotherWordReturnsWhenItsTimeIsOver() throws Exception {
        try (SharedMemory memory = SharedMemory.create(LENGTH)) {
            FutexWait wait = new FutexWait(memory.segment().address());
            Waits<Void> waiting = movedSleeper(wait, memory);
            assertThat(Waits.in(wait::stop).value()).isTrue();
            assertThat(waiting.value()).isNull();
        }
    }

    @Test
    void interruptOfASleeperThatWasMovedToAnotherWordReturnsWhenItsTimeIsOver() throws Exception {
        try (SharedMemory memory = SharedMemory.create(LENGTH)) {
            FutexWait wait = new FutexWait(memory.segment().address());
            Waits<Void> waiting = movedSleeper(wait, memory);
            assertThat(Waits.run(waiting.thread()::interrupt).value()).isNull();
            waiting.failure().isInstanceOf(InterruptedException.class);
            assertThat(wait.stop()).isTrue();
        }
    }

    /// A thread that no wake of the word reaches, as another process may arrange it.
    private static Waits<Void> movedSleeper(FutexWait wait, SharedMemory memory) {
        long address = memory.segment().address();
        Waits<Void> waiting = Waits.run(() -> wait.await(0, SLEEP));
        FutexSleep.await(address);
        assertThat(Libc.requeueSleeper(address, address + Integer.BYTES)).isEqualTo(1);
        return waiting;
    }

    /// An interrupt that waited for the thread to be outside met it in its next wait, again and
    /// again.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptsOfAThreadThatGoesStraightIntoItsNextWaitEachEndOne(boolean isVirtual)
            throws Exception {
        int count = 300;
        AtomicInteger ended = new AtomicInteger();
        AtomicReference<Thread> waiter = new AtomicReference<>();
        try (SharedMemory memory = SharedMemory.create(LENGTH)) {
            FutexWait wait = new FutexWait(memory.segment().address());
            Waits<String> waiting = Waits.in(isVirtual, () -> {
                waiter.set(Thread.currentThread());
                while (ended.get() < count) {
                    try {
                        wait.await(0, DAY);
                    } catch (InterruptedException _) {
                        int _ = ended.incrementAndGet();
                    }
                }
                return "all";
            });
            for (int i = 0; i < count; i++) {
                while (waiter.get() == null || ended.get() < i) {
                    Thread.onSpinWait();
                }
                waiter.get().interrupt();
            }
            assertThat(waiting.value()).isEqualTo("all");
        }
    }

    @Test
    void stoppedWaitReturnsAtOnce() throws Exception {
        try (SharedMemory memory = SharedMemory.create(LENGTH)) {
            FutexWait wait = new FutexWait(memory.segment().address());
            assertThat(wait.stop()).isTrue();
            wait.await(0, DAY);
        }
    }
}
