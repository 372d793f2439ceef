package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A source of unguessable bytes, from the kernel: `SecureRandom` would read the same source, after
/// loading its providers.
public final class RandomBytes {

    // ssize_t getrandom(void *buf, size_t buflen, unsigned int flags);
    private static final MemorySegment GETRANDOM = Native.symbol("getrandom");

    private static final int MAX = 256; // up to this length the kernel always returns all bytes

    private RandomBytes() {}

    /// Returns `count` bytes, at most 256.
    public static byte[] next(int count) {
        if (count > MAX) {
            throw new IllegalArgumentException(
                    "at most %d bytes at once: count=%d".formatted(MAX, count));
        }
        try (Frame frame = Frame.borrow()) {
            if (Native.call(frame, GETRANDOM, frame.address(0), count, 0, 0, 0, 0) != count) {
                throw frame.failure("getrandom", "count=" + count);
            }
            return frame.arguments().asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
