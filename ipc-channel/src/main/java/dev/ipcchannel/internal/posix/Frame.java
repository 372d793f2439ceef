package dev.ipcchannel.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// Native memory for one system call at a time: `errno` and room for the call's arguments.
///
/// The memory is borrowed from a pool and given back by [#close]; there is as much as calls were
/// ever made at once. Not thread-locals, which would stay with every short-lived thread.
///
/// ```text
///     0        64                                4096
///     +--------+---------------------------------+
///     | errno  | arguments                       |
///     +--------+---------------------------------+
/// ```
public final class Frame implements AutoCloseable {

    private static final long LENGTH = 4096;
    private static final long ARGUMENTS = 64;

    private static final ConcurrentLinkedDeque<MemorySegment> POOL = new ConcurrentLinkedDeque<>();

    private final MemorySegment memory;
    private final MemorySegment errno;
    private final MemorySegment arguments;
    private boolean isClosed;

    private Frame(MemorySegment memory) {
        this.memory = memory;
        this.errno = memory.asSlice(0, ARGUMENTS);
        this.arguments = memory.asSlice(ARGUMENTS);
    }

    /// A frame of the caller's own until it is closed. Its bytes are whatever the last call left.
    public static Frame borrow() {
        MemorySegment pooled = POOL.pollFirst();
        return new Frame(pooled != null ? pooled : Arena.global().allocate(LENGTH, 64));
    }

    /// What the last call said went wrong.
    int errno() {
        return errno.get(JAVA_INT, 0);
    }

    MemorySegment errnoSegment() {
        return errno;
    }

    /// The bytes that a call's arguments may point to.
    MemorySegment arguments() {
        return arguments;
    }

    /// The address of an argument at `offset`.
    long address(long offset) {
        return arguments.address() + offset;
    }

    void setInt(long offset, int value) {
        arguments.set(JAVA_INT, offset, value);
    }

    void setShort(long offset, short value) {
        arguments.set(JAVA_SHORT, offset, value);
    }

    int getInt(long offset) {
        return arguments.get(JAVA_INT, offset);
    }

    void setLong(long offset, long value) {
        arguments.set(JAVA_LONG, offset, value);
    }

    long getLong(long offset) {
        return arguments.get(JAVA_LONG, offset);
    }

    /// Writes a zero-terminated string at `offset`, in the charset of file names, and gives its
    /// address.
    long cString(long offset, String text) {
        byte[] bytes = FileNames.bytes(text);
        MemorySegment.copy(bytes, 0, arguments, JAVA_BYTE, offset, bytes.length);
        arguments.set(JAVA_BYTE, offset + bytes.length, (byte) 0);
        return address(offset);
    }

    PosixException failure(String call, String detail) {
        return new PosixException(call, errno(), detail);
    }

    /// Gives the memory back. The second and later closes do nothing.
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            POOL.addFirst(memory);
        }
    }
}
