package dev.ipcchannel.named;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.UnsupportedPlatform;
import dev.ipcchannel.testing.OwnNames;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The texts and times of libipc, and the behaviour of two objects of one name that its tests
/// expect.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LibipcTest {

    private static final long PATIENCE = 20_000;
    private static final String OURS = "a sentence: name=words";

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    static List<IpcException> failures() {
        return List.of(new CodecFailed(OURS), new Disconnected(OURS), new EndClosed(OURS),
                new HandshakeFailed(OURS), new MessageTooLarge(OURS), new NoReceiver(OURS),
                new ProtocolViolation(OURS), new ResourceExhausted(OURS),
                new SystemCallFailed(OURS), new TimedOut(OURS), new TypeMismatch(OURS),
                new UnsupportedPlatform(OURS));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failureIsOfTheSameKindWithTheWordsOfLibipcFirst(IpcException failure) {
        for (String detail : List.of("Failed to create channel 'words'", "Failed to send data",
                "Failed to receive data", "Failed to wait for receivers")) {
            IpcException said = Libipc.failure(detail, failure);
            assertThat(said).hasSameClassAs(failure).hasCause(failure)
                    .hasMessage(failure.status().text() + ": " + detail + ": " + OURS);
            assertThat(said.status()).isEqualTo(failure.status());
        }
    }

    @Test
    void detailsAreThoseOfLibipc() {
        assertThat(List.of(Libipc.notCreated("words"), Libipc.NOT_SENT, Libipc.NOT_RECEIVED,
                Libipc.NOT_WAITED)).containsExactly("Failed to create channel 'words'",
                        "Failed to send data", "Failed to receive data",
                        "Failed to wait for receivers");
        assertThat(Libipc.closed("words"))
                .hasMessageStartingWith("Invalid argument: Channel is closed: name=words");
        assertThat(Libipc.notConnected("words"))
                .hasMessageStartingWith("Connection failed: Channel not connected: name=words");
    }

    @ParameterizedTest
    @CsvSource({"0, PT0.1S, PT2562047788015H12M55.807S", "-1, PT0S, PT0S", "1, PT0.001S, PT0.001S",
        "9223372036854775807, PT2562047788015H12M55.807S, PT2562047788015H12M55.807S"})
    void timesAreThoseOfLibipc(long millis, Duration ofASend, Duration ofAnythingElse) {
        Libipc.check("words", millis);
        assertThat(Libipc.sendTime(millis)).isEqualTo(ofASend);
        assertThat(Libipc.waitTime(millis)).isEqualTo(ofAnythingElse);
    }

    /// Like libipc's clone: it goes on when the other is closed.
    @Test
    void anotherObjectOfTheSameNameAndModeIsAnotherMember() throws Exception {
        var one = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.BOTH);
        try (var other = IpcChannel.open(one.type(), one.name(), one.mode())) {
            assertThat(other).hasToString(one.toString())
                    .hasToString("IpcChannel[CHANNEL words, BOTH, connected]");
            assertThat(other.isConnected()).isTrue();
            try (var third = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.SENDER)) {
                assertThat(third.receiverCount()).isEqualTo(2);
                third.send("to both".getBytes(UTF_8), PATIENCE);
                one.close();
                assertThat(one.isConnected()).isFalse();
                assertThat(other.isConnected()).isTrue();
                assertThat(third.waitForReceivers(1, PATIENCE)).isTrue();
                third.send("to one".getBytes(UTF_8), PATIENCE);
            }
            assertThat(new String(other.receive(PATIENCE), UTF_8)).isEqualTo("to both");
            assertThat(new String(other.receive(PATIENCE), UTF_8)).isEqualTo("to one");
            assertThatThrownBy(one::receive).isInstanceOf(EndClosed.class);
        } finally {
            one.close();
        }
    }

    /// A waiting one delays no other, and notices receivers of other objects.
    @Test
    void tryVerbsOfTwoObjectsMeet() throws Exception {
        try (var sender = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.SENDER);
                var receiver = IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.RECEIVER)) {
            assertThat(receiver.tryReceive()).isNull();
            for (int i = 0; i < 100; i++) {
                assertThat(sender.trySend(("message " + i).getBytes(UTF_8))).isTrue();
                assertThat(receiver.tryReceive()).asString(UTF_8).isEqualTo("message " + i);
                assertThat(receiver.tryReceive()).isNull();
            }
        }
    }
}
