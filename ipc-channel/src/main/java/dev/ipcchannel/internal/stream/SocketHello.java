package dev.ipcchannel.internal.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A child's greeting: the protocol, and the descriptions of the messages, which the parent
/// compares with its own.
///
/// ```text
///     0         4           8            12
///     +---------+-----------+------------+-------+------------+-------+
///     |  magic  |  version  |  length n  |  out  |  length m  |  in   |    u32, highest byte first
///     +---------+-----------+------------+-------+------------+-------+
/// ```
///
/// @param version of the protocol on the socket
/// @param out the description of the messages that the child sends; empty if it is not given
/// @param in the description of those that it receives
public record SocketHello(int magic, int version, String out, String in) {

    static final int VERSION = 1;

    private static final int MAGIC = 0x49504355; // "IPCU"
    private static final int HEAD = 2 * Integer.BYTES;
    // A longer description is not worth the comparison.
    private static final int MAX_TEXT = 256 * 1024;

    /// The greeting of this process.
    ///
    /// @param out the description of the messages that it sends
    /// @param in the description of those that it receives
    public static SocketHello of(String out, String in) {
        return new SocketHello(MAGIC, VERSION, text(out), text(in));
    }

    private static String text(String description) {
        return description.getBytes(StandardCharsets.UTF_8).length > MAX_TEXT ? "" : description;
    }

    public SocketFrame toFrame() {
        byte[] outText = out.getBytes(StandardCharsets.UTF_8);
        byte[] inText = in.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[HEAD + 2 * Integer.BYTES + outText.length + inText.length];
        ByteBuffer.wrap(bytes).putInt(magic).putInt(version)
                .putInt(outText.length).put(outText).putInt(inText.length).put(inText);
        return new SocketFrame(SocketFrame.Kind.HELLO, bytes);
    }

    /// The greeting of a stranger.
    ///
    /// @return null if it is not a greeting; one of another version may have any contents
    public static @Nullable SocketHello read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD) {
            return null;
        }
        SocketHello unknown = new SocketHello(buffer.getInt(), buffer.getInt(), "", "");
        if (!unknown.isOurs() || unknown.version() != VERSION) {
            return unknown;
        }
        String out = readText(buffer);
        String in = out == null ? null : readText(buffer);
        return out == null || in == null || buffer.hasRemaining() ? null
                : new SocketHello(unknown.magic, unknown.version, out, in);
    }

    private static @Nullable String readText(ByteBuffer buffer) {
        if (buffer.remaining() < Integer.BYTES) {
            return null;
        }
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            return null;
        }
        byte[] text = new byte[length];
        buffer.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /// Whether it is this library's protocol, in any version.
    boolean isOurs() {
        return magic == MAGIC;
    }
}
