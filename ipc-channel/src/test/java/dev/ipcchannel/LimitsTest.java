package dev.ipcchannel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Senders;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages at the edges of what a channel carries, and beyond them.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitsTest {

    private static final int CAPACITY = 4096;
    private static final int LONGEST_IN_RING = CAPACITY / 2 - 8;
    private static final int LONGEST = 100_000;
    private static final int TOO_MANY_ENDS = 64 * 253 + 1; // 64 packets a record, 253 a packet

    @RegisterExtension
    final Children children = new Children();

    private final Channel<byte[]> bytes = Channel.create(byte[].class,
            ChannelOptions.defaults().withCapacity(CAPACITY).withMaxMessage(LONGEST));
    private final Channel<String> strings = Channel.create(String.class);

    @AfterEach
    void close() {
        bytes.close();
        strings.close();
    }

    @Test
    void longestMessageInTheRingArrivesAtEveryIndex() throws Exception {
        for (int i = 0; i < CAPACITY / 64; i++) {
            byte[] message = new byte[LONGEST_IN_RING];
            message[0] = (byte) i;
            message[LONGEST_IN_RING - 1] = (byte) -i;
            bytes.sender().send(message, Children.PATIENCE);
            assertThat(bytes.receiver().receive(Children.PATIENCE)).isEqualTo(message);
            bytes.sender().send(new byte[0], Children.PATIENCE); // moves on by one line
            assertThat(bytes.receiver().receive(Children.PATIENCE)).isEmpty();
        }
    }

    @Test
    void messageOneByteLongerIsRefusedWithTheLimitAndNothingIsSent() throws Exception {
        int longest = bytes.sender().maxMessage();
        byte[] message = new byte[longest + 1];

        List<ThrowingCallable> calls = List.of(() -> bytes.sender().send(message),
                () -> bytes.sender().trySend(message),
                () -> bytes.sender().send(message, Children.PATIENCE),
                () -> bytes.sender().claim(message.length),
                () -> bytes.sender().tryClaim(message.length));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(MessageTooLarge.class)
                    .hasMessageContaining("type=byte[], length=" + message.length)
                    .hasMessageContaining("limit=" + longest);
        }
        assertThat(bytes.receiver().tryReceive()).isNull();
    }

    @Test
    void emptyMessagesArriveOneByOne() throws Exception {
        for (int i = 0; i < 3; i++) {
            strings.sender().send("");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(strings.receiver().receive(Children.PATIENCE)).isEmpty();
        }
        assertThat(strings.receiver().tryReceive()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\ud800", "\udc00", "a\ud800", "\ud800a", "\udc00\ud800", "\ud83d\ud83d",
                "\ud83d\ude00\ude00"})
    void unpairedSurrogateIsRefusedAndNothingIsSent(String text) throws Exception {
        assertThatThrownBy(() -> strings.sender().send(text)).isInstanceOf(CodecFailed.class)
                .hasMessageContaining("unpaired surrogate");
        assertThatThrownBy(() -> strings.sender().trySend(text)).isInstanceOf(CodecFailed.class);

        assertThat(strings.receiver().tryReceive()).isNull();
        strings.sender().send("\ud83d\ude00");
        assertThat(strings.receiver().receive(Children.PATIENCE)).isEqualTo("\ud83d\ude00");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void messageOfAnotherClassIsNamedAndNothingIsSent() throws Exception {
        for (Channel channel : List.of(strings, bytes)) {
            String type = channel.equals(strings) ? "String" : "byte[]";

            assertThatThrownBy(() -> channel.sender().send(7)).isInstanceOf(CodecFailed.class)
                    .hasMessage("a message must be of type " + type + ": given=java.lang.Integer:"
                            + " look for a raw type or an unchecked cast")
                    .hasNoCause();
            assertThat(channel.receiver().tryReceive()).isNull();
        }
        assertThatThrownBy(() -> ((Codec) Codec.utf8()).toBytes(7)).isInstanceOf(CodecFailed.class)
                .hasMessageStartingWith(
                        "a message must be of type String: given=java.lang.Integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "c0 80", "c3", "e2 82", "ed a0 80", "f0 9f 98", "f5 80 80 80",
        "ff", "41 fe"})
    void bytesThatAreNotUtf8AreACodecFailureAndTheChannelGoesOn(String hex) throws Exception {
        byte[] malformed = HexFormat.ofDelimiter(" ").parseHex(hex);
        try (Claim claim = strings.sender().claim(malformed.length)) {
            MemorySegment.copy(malformed, 0, claim.memory(), JAVA_BYTE, claim.offset(),
                    malformed.length);
            claim.commit();
        }
        strings.sender().send("\ufffd is a character like any other");

        assertThatThrownBy(() -> strings.receiver().receive(Children.PATIENCE))
                .isInstanceOf(CodecFailed.class);
        assertThat(strings.receiver().receive(Children.PATIENCE))
                .isEqualTo("\ufffd is a character like any other");
    }

    @Test
    void messageWithMoreEndsThanAnyMessageMayHaveIsRefused() throws Exception {
        try (Channel<List<Sender<String>>> carrier = Channel.create(new Senders(),
                ChannelOptions.defaults().withCapacity(1 << 20))) {
            List<Sender<String>> senders = new ArrayList<>();
            for (int i = 0; i < TOO_MANY_ENDS; i++) {
                senders.add(strings.sender());
            }
            // It can never fit, so waiting for room would be waiting for ever.
            assertThatThrownBy(
                    () -> carrier.sender().send(senders, Duration.ofMillis(100)))
                    .isInstanceOf(IpcException.class).isNotInstanceOf(TimedOut.class);
        }
    }

    /// A codec that needs as much room as a message of that length.
    private record Longer(long length) implements Codec<String> {

        @Override
        public void encode(String message, Encoder out) {
            byte[] _ = out.sink().reserve(length);
        }

        @Override
        public String decode(Decoder in) {
            return "";
        }
    }

    @Test
    void adviceForBytesOfTheirOwnIsOfNoChannel() {
        assertThatThrownBy(() -> new Longer(1L << 31).toBytes(""))
                .isInstanceOf(MessageTooLarge.class)
                .hasMessage("a message has more bytes than one can have: length=2147483648,"
                        + " limit=1073741824: send it as several messages");
        try (Channel<String> channel = Channel.create(new Longer(1L << 31))) {
            assertThatThrownBy(() -> channel.sender().send(""))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageContaining("no channel carries a longer one");
        }
    }
}
