package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A block of bytes that is written once and read without a copy by every process that it is sent
/// to. Each process maps it read-only.
///
/// Immutable, and any thread may use it. Sending it does not use it up: each receiver gets an
/// object of its own, which it closes. A block costs one descriptor in each process. Two blocks are
/// equal if their bytes are.
///
/// The sender's own object is open until it is closed. A handler that answers with shared bytes has
/// them closed by [dev.ipcchannel.call.Exchange#closeWhenSent] or
/// [dev.ipcchannel.worker.JobContext#closeWhenSent]. A forgotten object is closed when the garbage
/// collector finds it, with a warning. With `-Ddev.ipcchannel.traceEnds=true` the warning says
/// where it was made, as for ends of channels.
public final class SharedBytes extends Transferable {

    private static final EndKind<SharedBytes> KIND = new EndKind<>() {

        @Override
        SharedBytes take(Transfer words, ArrivedEnds arrived) {
            Transfer.Block block = words.readBlock();
            return arrived.noted(SharedBytes::close, arrived(block.length(), block.file()));
        }
    };

    static {
        EndKind.register(SharedBytes.class,
                new EndKind.Family("sharedBytes", false, (_, _) -> KIND));
    }

    private static final long SAMPLE = 64; // bytes at each end that the hash code looks at

    private final Block block;
    private final Cleanable cleanable;

    private SharedBytes(@Nullable SharedMemory memory) {
        this.block = new Block(memory);
        this.cleanable = ForgottenEnds.register(this, block);
    }

    /// The kind of shared bytes, for [Decoder#get(EndKind)].
    public static EndKind<SharedBytes> kind() {
        return KIND;
    }

    /// A block with a copy of `bytes`.
    ///
    /// @throws ResourceExhausted if there is no memory or no descriptor for it
    /// @throws UnsupportedPlatform if the library cannot run in this JVM
    public static SharedBytes of(byte[] bytes) {
        Argument.given(bytes, "bytes");
        return create(bytes.length,
                segment -> MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0,
                        bytes.length));
    }

    /// A block of `length` bytes that `writer` writes in place. Initially all bytes are zero; once
    /// `writer` has returned, no process can change them.
    ///
    /// @throws ResourceExhausted if there is no memory or no descriptor for it
    /// @throws UnsupportedPlatform if the library cannot run in this JVM
    public static SharedBytes create(long length, Consumer<MemorySegment> writer) {
        Argument.given(writer, "writer");
        Failures.checkPlatform();
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: length=" + length);
        }
        if (length == 0) {
            writer.accept(MemorySegment.NULL);
            return new SharedBytes(null);
        }
        try {
            return around(SharedMemory.createConstant(length, writer));
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    /// The block of a transfer that has arrived.
    ///
    /// @param file of the block; null if it is empty
    private static SharedBytes arrived(long length, @Nullable Descriptor file) {
        return file == null ? new SharedBytes(null)
                : around(SharedMemory.adoptConstant(file, length));
    }

    private static SharedBytes around(SharedMemory memory) {
        try {
            return new SharedBytes(memory);
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
    }

    /// The number of bytes.
    public long length() {
        return block.view.byteSize();
    }

    /// The bytes themselves, read-only. An access after [#close] is an `IllegalStateException`.
    public MemorySegment segment() {
        return block.view;
    }

    /// A copy of the bytes.
    ///
    /// @throws ResourceExhausted if the heap has no room for it; this object remains open
    /// @throws IllegalStateException if this object is closed
    /// @throws IllegalArgumentException if there are more bytes than an array can have
    public byte[] toByteArray() {
        if (length() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "shared bytes do not fit into an array: use segment(): length=" + length());
        }
        try {
            return block.view.toArray(ValueLayout.JAVA_BYTE);
        } catch (OutOfMemoryError failure) {
            throw Failures
                    .outOfMemory("shared bytes were not copied, since the heap has no room for"
                            + " them, which segment() does not need: length=" + length(), failure);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Closes this object and returns a copy of the bytes. Throws what [#toByteArray] throws.
    public byte[] take() {
        byte[] bytes = toByteArray();
        close();
        return bytes;
    }

    /// Prepares to travel in a message.
    @Override
    Moving export() {
        try {
            return Moving.ofCopy(block::export);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    boolean isEnd() {
        return false;
    }

    /// Whether `other` has the same bytes.
    ///
    /// @throws IllegalStateException if one of the two is closed
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        try {
            return other instanceof SharedBytes that && block.view.mismatch(that.block.view) == -1;
        } finally {
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(other);
        }
    }

    /// A number from the length and the bytes at both ends.
    ///
    /// @throws IllegalStateException if this object is closed
    @Override
    public int hashCode() {
        try {
            return block.hash();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Unmaps the bytes in this process; other processes keep them. The second and later closes do
    /// nothing.
    ///
    /// @throws IllegalStateException if native code of the caller's is using them
    @Override
    public void close() {
        block.close();
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "SharedBytes[length=%d%s]".formatted(length(), block.isClosed() ? ", closed" : "");
    }

    /// The memory of a block, separate from its public object so that it can outlive that.
    private static final class Block implements Runnable {

        private final @Nullable SharedMemory memory; // null: no bytes
        private final Arena arena = Arena.ofShared();
        private final MemorySegment view;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final @Nullable Throwable place = ForgottenEnds.place();

        Block(@Nullable SharedMemory memory) {
            this.memory = memory;
            this.view = memory == null
                    ? MemorySegment.NULL
                    : memory.guarded(memory.segment().byteSize(), arena).asReadOnly();
        }

        boolean isClosed() {
            return closed.get();
        }

        int hash() {
            long length = view.byteSize();
            int hash = Long.hashCode(length);
            for (long i = 0; i < Math.min(SAMPLE, length); i++) {
                hash = 31 * hash + view.get(ValueLayout.JAVA_BYTE, i);
                hash = 31 * hash + view.get(ValueLayout.JAVA_BYTE, length - 1 - i);
            }
            return hash;
        }

        /// Writes the block's length and, unless it is empty, its file.
        synchronized void export(Transfer transfer) {
            if (isClosed()) {
                throw new EndClosed("these shared bytes were closed");
            }
            transfer.write(new Transfer.Block(view.byteSize(),
                    memory == null ? null : memory.file().duplicate()));
        }

        synchronized void close() {
            if (!isClosed()) {
                arena.close(); // fails while native code is inside
                closed.set(true);
                if (memory != null) {
                    memory.close();
                }
            }
        }

        @Override
        public void run() {
            if (!isClosed()) {
                ForgottenEnds.report("a block of shared bytes, length=" + view.byteSize(), place,
                        this::close);
            }
        }
    }
}
