package dev.ipcchannel;

/// Bytes as they are.
final class BytesCodec implements Codec<byte[]> {

    static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public void encode(byte[] message, Encoder out) {
        out.putBytes(message);
    }

    @Override
    public String description() {
        return "bytes";
    }

    @Override
    public byte[] decode(Decoder in) {
        return in.getBytes(in.remaining());
    }

    @Override
    public String toString() {
        return "byte[]";
    }
}
