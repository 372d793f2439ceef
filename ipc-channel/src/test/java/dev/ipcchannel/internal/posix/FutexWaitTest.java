package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ipcchannel.testing.FutexSleep;
import dev.ipcchannel.testing.Waits;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Waits on a word of memory that is not there, or goes away meanwhile.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FutexWaitTest {

    private static final long NOWHERE = 64; // on the page at 0, which nothing is mapped to
    private static final long LENGTH = 4096;
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitOnAWordThatIsNotThereFails(boolean isVirtual) throws Exception {
        FutexWait wait = new FutexWait(NOWHERE);
        Waits.in(isVirtual, () -> {
            wait.await(0, NANOS);
            return "slept";
        }).failure().isInstanceOfSatisfying(PosixException.class,
                failure -> assertThat(failure.errno()).isEqualTo(Errno.EFAULT))
                .hasMessageStartingWith("futex(FUTEX_WAIT) failed: EFAULT (14), expected=0");
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
        Waits<Void> waiting = Waits.run(() -> wait.await(0, NANOS));
        FutexSleep.await(address);
        memory.close();
        assertThat(wait.stop()).isFalse();
        assertThat(waiting.value()).isNull(); // its time was over
        assertThat(wait.stop()).isTrue();
    }

    @Test
    void stoppedWaitReturnsAtOnce() throws Exception {
        try (SharedMemory memory = SharedMemory.create(LENGTH)) {
            FutexWait wait = new FutexWait(memory.segment().address());
            assertThat(wait.stop()).isTrue();
            wait.await(0, TimeUnit.DAYS.toNanos(1));
        }
    }
}
