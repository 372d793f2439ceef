package dev.ipcchannel.internal.stream;

import org.jspecify.annotations.Nullable;

/// A frame that goes through a Unix socket: bytes, and what they are.
///
/// ```text
///     0            4      5               4 + length
///     +------------+------+---------------+
///     |   length   | kind |     bytes     |
///     +------------+------+---------------+
/// ```
///
/// The length is that of kind and bytes together, an unsigned number with its highest byte first.
public final class SocketFrame {

    /// Bytes before those of the frame.
    public static final int HEADER = Integer.BYTES + 1;

    /// The kind of the bytes.
    public enum Kind {
        /// A message of the user's.
        MESSAGE(0),
        /// A child's first word: a [SocketHello].
        HELLO(1),
        /// The parent's answer, without bytes: the link is open.
        WELCOME(2),
        /// The parent's other answer: a [dev.ipcchannel.internal.base.Refusal]. It closes the
        /// socket then.
        REFUSAL(3),
        /// The last frame of a link that was closed in order, without bytes.
        BYE(4),
        /// A child's first frame, without bytes, on a connection that is a lifeline: its end tells
        /// each side that the other has ended.
        LIFELINE(5),
        /// The only frames that follow there, either way: a [dev.ipcchannel.internal.base.GoAway].
        GO_AWAY(6);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }

        /// What stands for it on the wire.
        public byte number() {
            return number;
        }

        public static @Nullable Kind of(byte number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
    }

    private static final byte[] NOTHING = {};

    private final Kind kind;
    private final byte[] bytes;
    private final int length; // more than there are bytes where the heap has no room for them

    public SocketFrame(Kind kind, byte[] bytes) {
        this(kind, bytes, bytes.length);
    }

    private SocketFrame(Kind kind, byte[] bytes, int length) {
        this.kind = kind;
        this.bytes = bytes;
        this.length = length;
    }

    /// A frame that says all by its kind.
    public static SocketFrame of(Kind kind) {
        return new SocketFrame(kind, NOTHING);
    }

    public static SocketFrame message(byte[] bytes) {
        return new SocketFrame(Kind.MESSAGE, bytes);
    }

    /// One that has come and is lost, since the heap has no room for it.
    ///
    /// @param beginning of its bytes
    /// @param length of all of them
    static SocketFrame lost(Kind kind, byte[] beginning, int length) {
        return new SocketFrame(kind, beginning, length);
    }

    /// Whether it is one that is lost, but for its beginning.
    public boolean isLost() {
        return bytes.length < length;
    }

    public int length() {
        return length;
    }

    /// A byte of those before its own.
    byte header(int index) {
        int shift = Byte.SIZE * (Integer.BYTES - 1 - index);
        return shift < 0 ? kind.number() : (byte) ((bytes.length + 1) >>> shift);
    }

    public Kind kind() {
        return kind;
    }

    /// The bytes themselves, no copy.
    public byte[] bytes() {
        return bytes;
    }
}
