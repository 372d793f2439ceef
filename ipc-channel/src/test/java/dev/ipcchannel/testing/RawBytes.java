package dev.ipcchannel.testing;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.Sender;

/// A codec without a description, by which any bytes go into a channel of any type.
public final class RawBytes implements Codec<byte[]> {

    private RawBytes() {}

    /// Another sender into the channel of `sender`, for any bytes.
    public static Sender<byte[]> into(Sender<?> sender) {
        return sender.share().erase().as(new RawBytes());
    }

    @Override
    public void encode(byte[] message, Encoder out) {
        out.putBytes(message);
    }

    @Override
    public byte[] decode(Decoder in) {
        return in.getBytes(in.remaining());
    }
}
