package dev.ipcchannel;

/// The codec of strings as UTF-8, strict both ways: what cannot be said in UTF-8 is an error, never
/// a question mark.
final class Utf8Codec implements Codec<String> {

    static final Utf8Codec INSTANCE = new Utf8Codec();

    private Utf8Codec() {}

    @Override
    public void encode(String message, Encoder out) {
        out.sink().putUtf8(message);
    }

    @Override
    public String decode(Decoder in) {
        return in.source().getUtf8(in.remaining());
    }

    @Override
    public String description() {
        return "string";
    }

    @Override
    public String toString() {
        return "String";
    }
}
