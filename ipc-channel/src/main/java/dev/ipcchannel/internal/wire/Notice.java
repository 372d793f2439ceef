package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// A word from one member to another that it has met.
///
/// @param kind of the word
/// @param value what it says
/// @param file that came with it; the reader's to close
public record Notice(Kind kind, long value, @Nullable Descriptor file) {

    /// A word that says nothing more than its kind.
    public static Notice of(Kind kind) {
        return new Notice(kind, 0, null);
    }

    /// It beats.
    ///
    /// @param file with the word, at its start
    public static Notice beats(long intervalNanos, Descriptor file) {
        return new Notice(Kind.BEATS, intervalNanos, file);
    }

    /// The kinds of words.
    public enum Kind {
        /// It takes no more messages. The answer is the end of the connection.
        LEAVE(4),
        /// It beats at this interval in nanoseconds, in the word at the start of the file.
        BEATS(5),
        /// It beats no more.
        STOPPED(6),
        /// It sends no more: the other one is too slow. The end of the connection follows.
        CUT_OFF(7);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /// The byte that stands for it.
        int code() {
            return code;
        }

        /// The kind for which this byte stands; null if it stands for none.
        static @Nullable Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }
}
