package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client hears no more of a failure of the server than a rule that it has broken itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CandidatesTest {

    private final Candidates candidates = new Candidates();

    @Test
    void ruleThatAClientHasBrokenIsNamedWithoutTheClassOfTheException() {
        assertThat(candidates.failure(new RendezvousException(RendezvousException.Kind.REFUSED,
                "the child connected, but it does not speak ipc-channel")).reason())
                .isEqualTo("the child connected, but it does not speak ipc-channel");
    }

    @Test
    void failureOfTheServerIsNotQuoted() {
        assertThat(candidates.failure(new IllegalStateException("a secret")).reason())
                .isEqualTo("the server's process has run out of something, or failed: its own"
                        + " exception says more");
        assertThat(candidates.failure(new OutOfMemoryError("a secret")).reason())
                .isEqualTo("the server's JVM has failed with an error");
    }
}
