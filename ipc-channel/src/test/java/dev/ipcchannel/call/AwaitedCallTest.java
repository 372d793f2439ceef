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

/// The end of all calls at once, for each caller that waits.
@Timeout(60)
class AwaitedCallTest {

    private static final String MESSAGE = "what happened";

    @Test
    void eachWaitingCallerGetsAnExceptionOfItsOwn() {
        Throwable cause = new IllegalStateException("why");
        for (RuntimeException failure : List.of(new Disconnected(MESSAGE, cause),
                new EndClosed(MESSAGE, cause), new CodecFailed(MESSAGE, cause),
                new ProtocolViolation(MESSAGE, cause), new ResourceExhausted(MESSAGE, cause),
                new TypeMismatch(MESSAGE, cause))) {
            assertThat(AwaitedCall.again(failure)).isNotSameAs(failure)
                    .hasSameClassAs(failure).hasMessage(MESSAGE).hasCause(cause);
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
