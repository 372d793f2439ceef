package dev.ipcchannel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Strings as UTF-8, strict both ways: what cannot be said in UTF-8 is an error, never a question
/// mark.
final class Utf8Codec implements Codec<String> {

    static final Utf8Codec INSTANCE = new Utf8Codec();

    private static final int MAX_BYTES_A_CHAR = 3; // a surrogate pair is two chars and four bytes
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8Codec() {}

    @Override
    public void encode(String message, Encoder out) {
        int length = message.length();
        byte[] target = out.reserve((long) length * MAX_BYTES_A_CHAR);
        int at = out.length();
        for (int i = 0; i < length; i++) {
            char c = message.charAt(i);
            if (c < 0x80) {
                target[at++] = (byte) c;
            } else if (c < 0x800) {
                target[at++] = (byte) (0xC0 | (c >> 6));
                target[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                target[at++] = (byte) (0xE0 | (c >> 12));
                target[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                target[at++] = (byte) (0x80 | (c & 0x3F));
            } else {
                int codePoint = message.codePointAt(i);
                if (codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT
                        || Character.isLowSurrogate(c)) {
                    throw new CodecFailed(
                            "an unpaired surrogate cannot be sent as UTF-8: index=%d, char=U+%04X"
                                    .formatted(i, (int) c));
                }
                target[at++] = (byte) (0xF0 | (codePoint >> 18));
                target[at++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
                target[at++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
                target[at++] = (byte) (0x80 | (codePoint & 0x3F));
                i++;
            }
        }
        out.setLength(at);
    }

    @Override
    public String decode(Decoder in) {
        int length = in.remaining();
        byte[] source = in.buffer();
        int from = in.skip(length);
        String text = new String(source, from, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            // Sent as such, or put there by the JDK for bytes that are not UTF-8.
            checkStrictly(source, from, length);
        }
        return text;
    }

    private static void checkStrictly(byte[] source, int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source, from, length));
        } catch (CharacterCodingException malformed) {
            throw new CodecFailed("a message is not UTF-8: length=" + length, malformed);
        }
    }
}
