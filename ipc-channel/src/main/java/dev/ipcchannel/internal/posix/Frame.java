package dev.ipcchannel.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The native memory for one system call at a time: `errno` and room for the call's arguments.
///
/// Frames are borrowed from a pool and given back by [#close]; there are as many as calls were ever
/// made at once. They are not thread-locals, because those would remain with every short-lived
/// thread. The pool is a stack of numbers, without nodes: neither a borrow nor a close allocates,
/// so every close succeeds even if the heap is full.
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

    private static final long NUMBER_MASK = 0xFFFF_FFFFL; // the mask of the number in TOP
    private static final long CHANGE = NUMBER_MASK + 1; // the other half counts changes
    private static final int RESERVE = 4; // made first: few calls are made at once
    private static final int ATTEMPTS = 1000;
    private static final long PAUSE_NANOS = 100_000;

    /// The number of the top frame, or 0 if there is none, and the count of changes: the count
    /// detects a frame that was taken and put back in the meantime.
    private static final AtomicLong TOP = new AtomicLong();
    private static final AtomicReference<Frame[]> ALL = new AtomicReference<>(new Frame[0]);

    static {
        for (int i = 0; i < RESERVE; i++) {
            make().close();
        }
    }

    private final MemorySegment errno;
    private final MemorySegment arguments;
    private final MessageHeader header = new MessageHeader(this);
    private final int number; // from 1 on
    private volatile int below; // the number of the next frame in the pool; written outside it
    private @Nullable Packet packet; // made at its first use, see Packet.borrow
    private boolean isClosed;

    private Frame(MemorySegment memory, int number) {
        this.errno = memory.asSlice(0, ARGUMENTS);
        this.arguments = memory.asSlice(ARGUMENTS);
        this.number = number;
    }

    /// A frame for the caller alone until it is closed. It still has the bytes of the last call.
    ///
    /// If all are in use and there is no memory for another, it waits for one of them for a moment,
    /// because the call may be part of a close.
    public static Frame borrow() {
        for (int attempt = 1;; attempt++) {
            Frame pooled = pooled();
            if (pooled != null) {
                return pooled;
            }
            try {
                return make();
            } catch (OutOfMemoryError failure) {
                if (attempt == ATTEMPTS) {
                    throw failure;
                }
                Pause.of(PAUSE_NANOS);
            }
        }
    }

    private static @Nullable Frame pooled() {
        for (long top = TOP.get(); (top & NUMBER_MASK) != 0; top = TOP.get()) {
            Frame first = ALL.get()[(int) (top & NUMBER_MASK) - 1];
            if (TOP.compareAndSet(top, (top & ~NUMBER_MASK) + CHANGE + first.below)) {
                first.isClosed = false;
                return first;
            }
        }
        return null;
    }

    private static Frame make() {
        MemorySegment memory = Arena.global().allocate(LENGTH, 64);
        while (true) {
            Frame[] some = ALL.get();
            Frame made = new Frame(memory, some.length + 1);
            Frame[] more = Arrays.copyOf(some, some.length + 1);
            more[some.length] = made;
            if (ALL.compareAndSet(some, more)) { // before its number can get into the pool
                return made;
            }
        }
    }

    /// The header of a packet or a piece of a stream, in the arguments of this frame.
    MessageHeader header() {
        return header;
    }

    /// The packet in the arguments of this frame.
    Packet packet() {
        Packet made = packet;
        if (made == null) {
            made = new Packet(this);
            packet = made;
        }
        return made;
    }

    /// The error number of the last failed call.
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

    /// The address of the argument at `offset`.
    long address(long offset) {
        return arguments.address() + offset;
    }

    void setInt(long offset, int value) {
        arguments.set(JAVA_INT, offset, value);
    }

    void setShort(long offset, short value) {
        arguments.set(JAVA_SHORT, offset, value);
    }

    short getShort(long offset) {
        return arguments.get(JAVA_SHORT, offset);
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

    /// Writes a zero-terminated string at `offset`, in the charset of file names, and returns its
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

    /// Gives the frame back: from then on it may be another caller's.
    @Override
    public void close() {
        if (isClosed) {
            throw new IllegalStateException("a frame was given back twice");
        }
        isClosed = true;
        long top = TOP.get();
        below = (int) (top & NUMBER_MASK);
        while (!TOP.compareAndSet(top, (top & ~NUMBER_MASK) + CHANGE + number)) {
            top = TOP.get();
            below = (int) (top & NUMBER_MASK);
        }
    }
}
