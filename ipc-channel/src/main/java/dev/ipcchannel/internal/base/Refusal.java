package dev.ipcchannel.internal.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The reason why a connected process is refused, and the last message that it gets. The bytes are
/// the same in both transports: those of a frame, or of a packet after its first byte.
///
/// ```text
///     0        1                          at most 1001
///     +--------+--------------------------+
///     | types  | text, in UTF-8           |    types: 1 where the two sides mean other types
///     +--------+--------------------------+
/// ```
///
/// @param isOfTypes whether the reason is the types of messages
/// @param reason for people
public record Refusal(boolean isOfTypes, String reason) {

    private static final int MAX_TEXT = 1000; // bytes: a packet has room for a few more

    /// The bytes for the other process. A longer text is cut.
    public byte[] toBytes() {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_TEXT);
        while (length < text.length && (text[length] & 0xC0) == 0x80) {
            length--; // not inside a character
        }
        byte[] bytes = new byte[1 + length];
        bytes[0] = (byte) (isOfTypes ? 1 : 0);
        System.arraycopy(text, 0, bytes, 1, length);
        return bytes;
    }

    /// The refusal in the `bytes` of another process. The text is fit to be shown.
    public static Refusal read(byte[] bytes) {
        return bytes.length == 0 ? new Refusal(false, "no reason given")
                : new Refusal(bytes[0] == 1,
                        Printable.of(new String(Arrays.copyOfRange(bytes, 1, bytes.length),
                                StandardCharsets.UTF_8)));
    }
}
