package dev.ipcchannel.named;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.MessageHead;
import dev.ipcchannel.internal.end.ByteTail;
import dev.ipcchannel.internal.receive.Gaps;
import dev.ipcchannel.internal.receive.SenderNumbers;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// The codec of one connection of a broadcast channel. Before each message it writes the message's
/// number at its sender, by which a receiver detects missing messages.
///
/// ```text
///     0: number of the message at its sender (8)   8: the message
/// ```
///
/// This codec writes 0: the group writes the number at the commit, so a message that was given up
/// has none. Decoding notes the number, so only one thread at a time may decode.
///
/// @param <T> the type of the messages
final class NumberedCodec<T> implements Codec<T>, ByteTail {

    /// The number of bytes before a message.
    static final int HEAD = Long.BYTES;

    private final Codec<T> codec;
    private final Gaps gaps;
    private final SenderNumbers numbers = new SenderNumbers();

    /// @param codec of the messages themselves
    /// @param gaps gets the missing messages
    NumberedCodec(Codec<T> codec, Gaps gaps) {
        this.codec = codec;
        this.gaps = gaps;
    }

    /// The options for a channel whose longest message, without the number, is as long as these
    /// options say.
    static ChannelOptions withHead(ChannelOptions options) {
        return options.withMaxMessage((int) Math.min((long) options.maxMessage() + HEAD,
                LaneSettings.MAX_MESSAGE));
    }

    /// The codec of the messages themselves.
    Codec<T> messages() {
        return codec;
    }

    @Override
    public void encode(T message, Encoder out) {
        out.putLong(0);
        codec.encode(message, out);
    }

    @Override
    public T decode(Decoder in) {
        note(EndAccess.member(in), in.getLong());
        return codec.decode(in);
    }

    /// Notes the number of a received message.
    ///
    /// @param sender the number of the member that has sent it
    /// @param number of the message at that sender
    void note(long sender, long number) {
        gaps.add(numbers.note(sender, number));
    }

    @Override
    public int headLength() {
        int inside = codec instanceof ByteTail tail ? tail.headLength() : NONE;
        return inside == NONE ? NONE : HEAD + inside;
    }

    @Override
    public @Nullable MessageHead head(Decoder in) {
        long _ = in.getLong();
        return codec.head(in);
    }

    @Override
    public String description() {
        return codec.description();
    }

    @Override
    public String toString() {
        return codec.toString();
    }
}
