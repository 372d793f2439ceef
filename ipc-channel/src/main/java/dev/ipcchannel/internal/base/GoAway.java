package dev.ipcchannel.internal.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A notice of one process to another, on their [Lifeline] and apart from all messages: that it is
/// about to end, or should, and why. HTTP/2 calls it GOAWAY. The bytes are the same in both
/// transports: a whole packet, or a whole frame.
///
/// ```text
///     0        1                          at most 512
///     +--------+--------------------------+
///     | reason | text, in UTF-8           |
///     +--------+--------------------------+
/// ```
///
/// @param reason why
/// @param text details for a log; may be empty
public record GoAway(Reason reason, String text) {

    /// The reason why a process goes away. A lifeline carries no other words, and each of these at
    /// most once.
    public enum Reason {
        /// It exits in order, and still runs: children may be used until its end.
        EXITING(5),
        /// An error has left its JVM in doubt. It finishes its present work, and another process
        /// should take its place.
        FAILED(7),
        /// Its program has called `System.exit`; the text says where.
        SYSTEM_EXIT(10);

        private final byte code;

        Reason(int code) {
            this.code = (byte) code;
        }
    }

    /// The length of the longest notice, in bytes.
    static final int MAX_LENGTH = 512;

    /// The notice that this process exits in order.
    public static final GoAway EXITING = new GoAway(Reason.EXITING, "");

    /// The same notice, with a directory that the other process knows and that exists until the
    /// shutdown hooks have ended.
    public static final GoAway EXITING_BY_SIGN = new GoAway(Reason.EXITING, "sign");

    /// The notice that the JVM of this process is in doubt after `error`.
    public static GoAway failed(Error error) {
        return new GoAway(Reason.FAILED, String.valueOf(error));
    }

    /// The bytes for the other process. A longer text is cut.
    public byte[] toBytes() {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[1 + Math.min(words.length, MAX_LENGTH - 1)];
        bytes[0] = reason.code;
        System.arraycopy(words, 0, bytes, 1, bytes.length - 1);
        return bytes;
    }

    /// The notice in the `bytes` of another process; null if they are not one. The text is fit to
    /// be shown.
    public static @Nullable GoAway read(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
            return null;
        }
        String text = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        return Arrays.stream(Reason.values()).filter(reason -> reason.code == bytes[0])
                .findFirst().map(reason -> new GoAway(reason, Printable.of(text))).orElse(null);
    }
}
