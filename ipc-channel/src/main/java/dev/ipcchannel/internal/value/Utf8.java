package dev.ipcchannel.internal.value;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The conversion of text to UTF-8 and back, strict both ways: a text that UTF-8 cannot express is
/// an error, never a question mark.
public final class Utf8 {

    public static final int MAX_BYTES_A_CHAR = 3; // a surrogate pair is two chars and four bytes
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /// The bytes that `text` takes, or would take if each half of a surrogate pair had its other
    /// half.
    public static long length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is two chars and four bytes.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    /// Writes `text` to `target`, which has room for it, from the index `from`.
    ///
    /// @return the index after the last byte
    public static int encode(String text, byte[] target, int from) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return encodeRest(text, i, target, from + i);
            }
            target[from + i] = (byte) c;
        }
        return from + length;
    }

    private static int encodeRest(String text, int first, byte[] target, int from) {
        int at = from;
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
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
                int codePoint = supplementary(text, i++);
                target[at++] = (byte) (0xF0 | (codePoint >> 18));
                target[at++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
                target[at++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
                target[at++] = (byte) (0x80 | (codePoint & 0x3F));
            }
        }
        return at;
    }

    private static int supplementary(String text, int index) {
        int codePoint = text.codePointAt(index);
        if (codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
            throw new CodecException(("has an unpaired surrogate, half of a letter: index=%d,"
                    + " char=U+%04X: cut texts between letters, or send bytes")
                    .formatted(index, codePoint));
        }
        return codePoint;
    }

    /// Throws for a text that [#encode] would refuse.
    public static void check(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int _ = supplementary(text, i++);
            }
        }
    }

    public static String decode(byte[] source, int from, int length) {
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
            throw new CodecException("is not UTF-8: length=" + length, malformed);
        }
    }
}
