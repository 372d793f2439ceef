package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.PosixException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The public exceptions for failed system calls.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresTest {

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.EACCES, Errno.ENOSYS})
    void deniedMemoryNamesTheTransportThatNeedsNone(int errno) {
        RuntimeException seen =
                Failures.translate(new PosixException("memfd_create", errno, "flags=3"));

        assertThat(seen).isInstanceOf(SystemCallFailed.class)
                .hasMessageStartingWith("memory cannot be shared here: memfd_create failed: E")
                .hasMessageContaining("Transport.unix()");
    }

    @Test
    void otherDeniedCallsStayWhatTheyAre() {
        RuntimeException seen =
                Failures.translate(new PosixException("open", Errno.EACCES, "path=/x"));

        assertThat(seen).isInstanceOf(SystemCallFailed.class)
                .hasMessage("open failed: EACCES (13), path=/x");
    }
}
