package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeMismatch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ends all calls at once, for each caller that waits.
@Timeout(60)
class AwaitedCallTest {

    private static final String MESSAGE = "what happened";
    private static final Throwable CAUSE = new IllegalStateException("why");

    @Test
    void eachWaitingCallerGetsAnExceptionOfItsOwn() {
        for (RuntimeException failure : List.of(new Disconnected(MESSAGE, CAUSE),
                new EndClosed(MESSAGE, CAUSE), new CodecFailed(MESSAGE, CAUSE),
                new ProtocolViolation(MESSAGE, CAUSE), new ResourceExhausted(MESSAGE, CAUSE),
                new TypeMismatch(MESSAGE, CAUSE))) {
            assertThat(AwaitedCall.again(failure)).isNotSameAs(failure)
                    .hasSameClassAs(failure).hasMessage(MESSAGE).hasCause(CAUSE);
        }
    }

    @Test
    void bothTypesOfAMismatchAreKept() {
        TypeMismatch failure = new TypeMismatch(MESSAGE, "utf8", "bytes");

        assertThat(AwaitedCall.again(failure)).isNotSameAs(failure).hasMessage(MESSAGE)
                .isInstanceOfSatisfying(TypeMismatch.class, mismatch -> {
                    assertThat(mismatch.here()).isEqualTo("utf8");
                    assertThat(mismatch.there()).isEqualTo("bytes");
                });
    }
}
