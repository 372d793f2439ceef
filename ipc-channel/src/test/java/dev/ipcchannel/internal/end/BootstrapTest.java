package dev.ipcchannel.internal.end;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LanePacket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The words for a client whose server has sent nothing yet: a user of a child knows of a parent,
/// and of no server.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BootstrapTest {

    private final Sockets.Pair connection = Sockets.pair();
    private final PacketLifeline lifeline = PacketLifeline.ofClient(connection.second());

    @AfterEach
    void close() {
        lifeline.drop();
        Sockets.end(connection.first());
    }

    @ParameterizedTest
    @CsvSource({
        "true, 'what this child has sent to its parent has ended there, and the parent has not"
                + " said why'",
        "false, 'what this client has sent has ended in the server, which has not said why:"
                + " name=/s'"})
    void clientOfWhichNothingIsDecidedMayLearnMoreLater(boolean isParent, String words) {
        LaneException failure = requireNonNull(failure(isParent));

        assertThat(failure).hasMessage(words);
        assertThat(failure.isPassing()).isTrue();
        assertThat(failure.isDeath()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "true, 'the parent has refused this child: it has ended the connection, and has not said"
                + " why: its own output may say more'",
        "false, 'this client was not accepted, and its message is lost: name=/s: the server has"
                + " ended the connection, and has not said why: a server accepts one client: start"
                + " another one for this, and use its name'"})
    void clientWhoseConnectionHasEndedIsTurnedAwayForGood(boolean isParent, String words) {
        Sockets.end(connection.first());

        LaneException failure = requireNonNull(failure(isParent));

        assertThat(failure).hasMessage(words);
        assertThat(failure.isPassing()).isFalse();
        assertThat(failure.isDeath()).isFalse();
    }

    @Test
    void endOfAClientThatWasAcceptedIsReportedAsSuch() {
        assertThat(Sockets.ring(connection.first(), LanePacket.ACCEPTED)).isTrue();

        assertThat(failure(false)).isNull();
        assertThat(Bootstrap.failure(null, true, Deadline.NEVER)).isNull();
    }

    private @Nullable LaneException failure(boolean isParent) {
        return Bootstrap.failure(new Bootstrap("/s", isParent, lifeline), true, Deadline.NOW);
    }
}
