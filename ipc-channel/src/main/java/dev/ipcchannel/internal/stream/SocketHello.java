package dev.ipcchannel.internal.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A child's first word: who speaks, and what is meant by the messages, compared with what the
/// parent would say in its place.
///
/// ```text
///     0         4           8            12
///     +---------+-----------+------------+-------+------------+-------+
///     |  magic  |  version  |  length n  |  out  |  length m  |  in   |    u32, highest byte first
///     +---------+-----------+------------+-------+------------+-------+
/// ```
///
/// @param version of what is said on the socket
/// @param out the description of the messages that the child sends; empty if it does not say
/// @param in that of those that it receives
public record SocketHello(int magic, int version, String out, String in) {

    static final int VERSION = 1;

    private static final int MAGIC = 0x49504355; // "IPCU"
    private static final int HEAD = 2 * Integer.BYTES;
    private static final int MAX_TEXT = 256 * 1024; // a longer one is not worth the comparison

    /// That of this process.
    ///
    /// @param out the description of the messages that it sends
    /// @param in that of those that it receives
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

    /// What a stranger has sent.
    ///
    /// @return null if it is no greeting. Of another version it may be whatever it wants.
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

    /// Whether this library speaks, in whatever version.
    boolean isOurs() {
        return magic == MAGIC;
    }
}
