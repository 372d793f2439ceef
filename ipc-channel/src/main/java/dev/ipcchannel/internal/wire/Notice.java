package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// A notice from one member to another, after they have met.
///
/// @param kind of the notice
/// @param value of the notice
/// @param file that came with it; the reader closes it
public record Notice(Kind kind, long value, @Nullable Descriptor file) {

    /// A notice without a value.
    public static Notice of(Kind kind) {
        return new Notice(kind, 0, null);
    }

    /// The notice that its sender has a heartbeat.
    ///
    /// @param file with the word of the heartbeat, at its start
    public static Notice beats(long intervalNanos, Descriptor file) {
        return new Notice(Kind.BEATS, intervalNanos, file);
    }

    /// The kinds of notices.
    public enum Kind {
        /// The sender of the notice takes no more messages. The answer is the end of the
        /// connection.
        LEAVE(4),
        /// It has a heartbeat with this interval in nanoseconds, in the word at the start of the
        /// file.
        BEATS(5),
        /// It no longer has a heartbeat.
        STOPPED(6),
        /// It no longer sends, because the other member is too slow. The end of the connection
        /// follows.
        CUT_OFF(7);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /// The byte that stands for it.
        int code() {
            return code;
        }

        /// The kind that this byte stands for; null if there is none.
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
