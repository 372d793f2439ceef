package dev.ipcchannel.testing;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.Sender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A codec for messages of an exact number of bytes, ends included. It fills them up with a
/// pattern, and refuses a message with another pattern.
public final class ExactLength implements Codec<ExactLength.Cargo> {

    private static final int PERIOD = 251; // a prime: no two places of the ring look alike

    /// A message with ends inside.
    ///
    /// @param length of the message in bytes; at least what the ends take
    /// @param senders the ends
    public record Cargo(int length, List<Sender<byte[]>> senders) {}

    @Override
    public void encode(Cargo message, Encoder out) {
        if (message.length() == 0) {
            return;
        }
        out.putInt(message.senders().size());
        message.senders().forEach(out::put);
        if (out.length() > message.length()) {
            throw new IllegalArgumentException("the ends need more bytes than there are: needed="
                    + out.length() + ", length=" + message.length());
        }
        out.putBytes(pattern(message.length() - out.length()));
    }

    @Override
    public Cargo decode(Decoder in) {
        int length = in.remaining();
        if (length == 0) {
            return new Cargo(0, List.of());
        }
        List<Sender<byte[]>> senders = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            senders.add(in.get(Sender.kind(Codec.bytes())));
        }
        byte[] expected = pattern(in.remaining());
        if (!Arrays.equals(in.getBytes(in.remaining()), expected)) {
            throw new IllegalArgumentException("the bytes are not those sent: length=" + length);
        }
        return new Cargo(length, senders);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % PERIOD);
        }
        return bytes;
    }
}
