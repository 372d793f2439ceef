package dev.ipcchannel;

import dev.ipcchannel.internal.end.TailOfBytes;

/// The codec of bytes as they are.
final class BytesCodec implements Codec<byte[]>, TailOfBytes {

    static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public void encode(byte[] message, Encoder out) {
        out.lend(message);
    }

    @Override
    public String description() {
        return "bytes";
    }

    @Override
    public byte[] decode(Decoder in) {
        byte[] tail = in.takeTail();
        return tail != null ? tail : in.getBytes(in.remaining());
    }

    @Override
    public int headLength() {
        return 0;
    }

    @Override
    public String toString() {
        return "byte[]";
    }
}
