package dev.ipcchannel.internal.stream;

import org.jspecify.annotations.Nullable;

/// A frame that goes through a Unix socket: bytes, and their kind.
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

    /// The number of bytes before those of the frame.
    public static final int HEADER = Integer.BYTES + 1;

    /// The kind of the bytes.
    public enum Kind {
        /// A message of the user.
        MESSAGE(0),
        /// A child's greeting: a [SocketHello].
        HELLO(1),
        /// The parent's answer, without bytes: the link is open.
        WELCOME(2),
        /// The parent's other answer: a [dev.ipcchannel.internal.base.Refusal]. Then it closes the
        /// socket.
        REFUSAL(3),
        /// The last frame of a link that was closed in order, without bytes.
        BYE(4),
        /// A child's first frame, without bytes, on a connection that is a lifeline: its end shows
        /// each side that the other has ended.
        LIFELINE(5),
        /// The only later frames on a lifeline, in both directions: a
        /// [dev.ipcchannel.internal.base.GoAway].
        GO_AWAY(6);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }

        /// Its number on the wire.
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
    private final int length; // more than there are bytes if there was no memory for them

    public SocketFrame(Kind kind, byte[] bytes) {
        this(kind, bytes, bytes.length);
    }

    private SocketFrame(Kind kind, byte[] bytes, int length) {
        this.kind = kind;
        this.bytes = bytes;
        this.length = length;
    }

    /// A frame without bytes.
    public static SocketFrame of(Kind kind) {
        return new SocketFrame(kind, NOTHING);
    }

    public static SocketFrame message(byte[] bytes) {
        return new SocketFrame(Kind.MESSAGE, bytes);
    }

    /// A frame that has come and is lost, because there is no memory for it.
    ///
    /// @param beginning of its bytes
    /// @param length of all of them
    static SocketFrame lost(Kind kind, byte[] beginning, int length) {
        return new SocketFrame(kind, beginning, length);
    }

    /// Whether it is lost, except its beginning.
    public boolean isLost() {
        return bytes.length < length;
    }

    public int length() {
        return length;
    }

    /// A byte of its header.
    byte header(int index) {
        int shift = Byte.SIZE * (Integer.BYTES - 1 - index);
        return shift < 0 ? kind.number() : (byte) ((bytes.length + 1) >>> shift);
    }

    public Kind kind() {
        return kind;
    }

    /// The bytes themselves, not a copy.
    public byte[] bytes() {
        return bytes;
    }
}
