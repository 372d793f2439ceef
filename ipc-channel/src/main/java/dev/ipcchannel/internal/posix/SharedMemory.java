package dev.ipcchannel.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A sealed memory file, mapped into this process.
///
/// No process can change its size, its pages exist, and it has no name: it is freed with the last
/// process that has it open or mapped. The segment has global scope, because closing a shared arena
/// costs 57 to 82 us and slows other threads. So the thread that unmaps makes sure that no thread
/// is inside.
public final class SharedMemory implements AutoCloseable {

    // int memfd_create(const char *name, unsigned int flags);
    private static final MemorySegment MEMFD_CREATE = Native.symbol("memfd_create");
    // int fallocate(int fd, int mode, off_t offset, off_t len);
    private static final MemorySegment FALLOCATE = Native.symbol("fallocate");
    // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
    private static final MemorySegment MMAP = Native.symbol("mmap");
    // int munmap(void *addr, size_t length);
    private static final MemorySegment MUNMAP = Native.symbol("munmap");
    // off_t lseek(int fd, off_t offset, int whence);
    private static final MemorySegment LSEEK = Native.symbol("lseek");
    // int fstatfs(int fd, struct statfs *buf);
    static final MemorySegment FSTATFS = Native.symbol("fstatfs");

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;
    private static final int F_SEAL_WRITE = 8;
    private static final int F_SEAL_FUTURE_WRITE = 16; // since Linux 5.1
    private static final int SIZE_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW;
    private static final int CONSTANT_SEALS = SIZE_SEALS | F_SEAL_WRITE;
    private static final int SHOWN_SEALS = SIZE_SEALS | F_SEAL_FUTURE_WRITE;
    private static final int PROT_READ = 1;
    static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED = 1;
    private static final int SEEK_END = 2;
    private static final long LARGEST_PIECE = 64 << 20; // some 20 ms of the kernel's work
    private static final long SMALLEST_PIECE = 4096;
    private static final long TMPFS_MAGIC = 0x01021994;

    // Whether this kernel has the seal against later writers; null until it is known.
    private static volatile @Nullable Boolean sealsToShow;

    private final Descriptor file;
    private final MemorySegment segment;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SharedMemory(Descriptor file, MemorySegment segment) {
        this.file = file;
        this.segment = segment;
    }

    /// Makes `length` bytes of zeros. A lack of memory, on the machine or within a cgroup's limit,
    /// fails here, not with a signal at the first access.
    public static SharedMemory create(long length) {
        try (Frame frame = Frame.borrow()) {
            Descriptor file = createFile(frame, length);
            try {
                seal(frame, file, SIZE_SEALS);
                return mapped(frame, file, length, PROT_READ_WRITE);
            } catch (RuntimeException | Error failure) {
                file.close();
                throw failure;
            }
        }
    }

    /// Makes `length` bytes of zeros that only this process writes, by the returned mapping: others
    /// may map them only for reading, see [#adoptToLook]. Kernels before 5.1 cannot keep others
    /// from writing; there it does the same as [#create].
    public static SharedMemory createToShow(long length) {
        try (Frame frame = Frame.borrow()) {
            Descriptor file = createFile(frame, length);
            try {
                return sealedToShow(frame, mapped(frame, file, length, PROT_READ_WRITE));
            } catch (RuntimeException | Error failure) {
                file.close();
                throw failure;
            }
        }
    }

    /// Seals after the mapping: then no further writable mapping can be made.
    private static SharedMemory sealedToShow(Frame frame, SharedMemory memory) {
        boolean isSealed = false;
        try {
            sealToShow(frame, memory.file);
            isSealed = true;
            return memory;
        } finally {
            if (!isSealed) {
                memory.close();
            }
        }
    }

    /// Whether this kernel can keep all others from writing to a file that this process continues
    /// to write. Older kernels seal only its size.
    public static boolean sealsToShow() {
        if (sealsToShow == null) {
            try (Frame frame = Frame.borrow(); Descriptor file = memfd(frame)) {
                sealToShow(frame, file);
            } catch (PosixException _) {
                return false; // no descriptor was left: the next call asks again
            }
        }
        return Boolean.TRUE.equals(sealsToShow);
    }

    private static void sealToShow(Frame frame, Descriptor file) {
        if (Boolean.FALSE.equals(sealsToShow)) {
            seal(frame, file, SIZE_SEALS);
        } else if (addSeals(frame, file, SHOWN_SEALS) >= 0) {
            sealsToShow = true;
        } else if (frame.errno() == Errno.EINVAL) {
            sealsToShow = false;
            seal(frame, file, SIZE_SEALS);
        } else {
            throw frame.failure("fcntl(F_ADD_SEALS)", "seals=" + SHOWN_SEALS);
        }
    }

    /// Makes `length` bytes, lets `writer` write them, and seals them against every change, by any
    /// process.
    ///
    /// @param writer gets the bytes, initially zero, which it cannot access after it returns
    public static SharedMemory createConstant(long length, Consumer<MemorySegment> writer) {
        try (Frame frame = Frame.borrow()) {
            Descriptor file = createFile(frame, length);
            try {
                write(frame, file, length, writer);
                seal(frame, file, CONSTANT_SEALS);
                return mapped(frame, file, length, PROT_READ);
            } catch (RuntimeException | Error failure) {
                file.close();
                throw failure;
            }
        }
    }

    private static void write(Frame frame, Descriptor file, long length,
            Consumer<MemorySegment> writer) {
        long address = map(frame, file, length, PROT_READ_WRITE);
        try (Arena arena = Arena.ofConfined()) {
            writer.accept(memoryAt(address, length, arena));
        } finally {
            // No file can be sealed against writing while it has a writable mapping.
            unmap(address, length);
        }
    }

    /// Maps a memory file that another process made, after checking that it is what was announced:
    /// memory, of exactly this length, sealed. Takes `file` over, also when it refuses it.
    ///
    /// @throws RefusedMemoryException if it is anything else: a file that can shrink could end this
    /// JVM
    public static SharedMemory adopt(Descriptor file, long length) {
        return adopt(file, length, SIZE_SEALS, PROT_READ_WRITE);
    }

    /// Maps a memory file for reading as [#adopt] does; [#createToShow] may have made it, or any
    /// other.
    public static SharedMemory adoptToRead(Descriptor file, long length) {
        return adopt(file, length, SIZE_SEALS, PROT_READ);
    }

    /// Maps a file of [#createConstant] in another process for reading. Takes `file` over, also
    /// when it refuses it.
    ///
    /// @throws RefusedMemoryException if it is anything else
    public static SharedMemory adoptConstant(Descriptor file, long length) {
        return adopt(file, length, CONSTANT_SEALS, PROT_READ);
    }

    /// Maps a file of [#createToShow] in another process for reading, and closes the file. Takes
    /// `file` over, also when it refuses it.
    ///
    /// @throws RefusedMemoryException if it is not memory of that length, or the length can change
    public static SharedMemory adoptToLook(Descriptor file, long length) {
        SharedMemory memory = adoptToRead(file, length);
        file.close();
        return memory;
    }

    private static SharedMemory adopt(Descriptor file, long length, int seals, int protection) {
        try (Frame frame = Frame.borrow()) {
            checkForeign(frame, file, length, seals);
            return mapped(frame, file, length, protection);
        } catch (RuntimeException | Error failure) {
            file.close();
            throw failure;
        }
    }

    /// The mapped bytes. An access after [#close] would end the JVM.
    public MemorySegment segment() {
        return segment;
    }

    /// The memory file, until it is closed.
    public Descriptor file() {
        return file;
    }

    /// Unmaps, and closes the file. The caller has made sure that no thread uses the segment.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                file.close();
            } finally {
                unmap(segment.address(), segment.byteSize());
            }
        }
    }

    static void unmap(long address, long length) {
        try (Frame frame = Frame.borrow()) {
            Native.call(frame, MUNMAP, address, length, 0, 0, 0, 0);
        }
    }

    private static Descriptor createFile(Frame frame, long length) {
        AvailableMemory memory = AvailableMemory.ofThisProcess();
        memory.promise(length);
        try {
            return createPromised(frame, length);
        } finally {
            memory.made(length);
        }
    }

    private static Descriptor createPromised(Frame frame, long length) {
        Descriptor file = memfd(frame);
        try {
            allocate(frame, file, 0, length);
            return file;
        } catch (RuntimeException | Error failure) {
            file.close();
            throw failure;
        }
    }

    /// An empty memory file.
    private static Descriptor memfd(Frame frame) {
        Descriptor file = Descriptor.toBe();
        long name = frame.cString(0, "ipc-channel");
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
        int fd = (int) Native.call(frame, MEMFD_CREATE, name, flags | MFD_NOEXEC_SEAL, 0, 0, 0, 0);
        if (fd < 0 && frame.errno() == Errno.EINVAL) { // kernels before 6.3 do not have the flag
            fd = (int) Native.call(frame, MEMFD_CREATE, name, flags, 0, 0, 0, 0);
        }
        if (fd < 0) {
            throw frame.failure("memfd_create", "flags=" + flags);
        }
        file.is(fd);
        return file;
    }

    /// Gives the file pages for `length` bytes from `start` on, piece by piece; pages that it has
    /// are kept. After a signal in the middle of a piece many kernels take that piece's pages back
    /// (EINTR): in one piece, a large file would never be done while a profiler sends a signal each
    /// millisecond.
    static void allocate(Frame frame, Descriptor file, long start, long length) {
        long piece = LARGEST_PIECE;
        long done = 0;
        while (done < length) {
            long next = Math.min(piece, length - done);
            if ((int) Native.once(frame, FALLOCATE, file.number(), 0, start + done, next, 0,
                    0) == 0) {
                done += next;
                piece = Math.min(2 * piece, LARGEST_PIECE);
            } else if (frame.errno() == Errno.EINTR) {
                piece = Math.max(piece / 2, SMALLEST_PIECE);
            } else {
                throw frame.failure("fallocate", "length=" + length);
            }
        }
    }

    private static void seal(Frame frame, Descriptor file, int seals) {
        if (addSeals(frame, file, seals) < 0) {
            throw frame.failure("fcntl(F_ADD_SEALS)", "seals=" + seals);
        }
    }

    private static int addSeals(Frame frame, Descriptor file, int seals) {
        return (int) Native.call(frame, Descriptor.FCNTL, file.number(), F_ADD_SEALS, seals, 0, 0,
                0);
    }

    private static void checkForeign(Frame frame, Descriptor file, long length, int needed) {
        int seals =
                (int) Native.call(frame, Descriptor.FCNTL, file.number(), F_GET_SEALS, 0, 0, 0, 0);
        if (seals < 0 || (seals & needed) != needed) {
            throw new RefusedMemoryException(
                    "it is not sealed: seals=" + seals + ", needed=" + needed);
        }
        // Once: lseek never returns EINTR, and no size has the lower half of -1.
        long size = Native.once(frame, LSEEK, file.number(), 0, SEEK_END, 0, 0, 0);
        if (size != length) {
            throw new RefusedMemoryException("its length is not the one announced: length=" + size
                    + ", announced=" + length);
        }
        int statfs = (int) Native.call(frame, FSTATFS, file.number(), frame.address(0), 0, 0, 0, 0);
        long type = frame.getLong(0); // f_type is the first word of struct statfs on 64-bit Linux
        if (statfs < 0 || type != TMPFS_MAGIC) {
            // Huge pages can be sealed too, and an access faults when there are none left.
            throw new RefusedMemoryException("it is not plain memory: file system=0x%x, needed=0x%x"
                    .formatted(type, TMPFS_MAGIC));
        }
    }

    /// The first `length` bytes in an arena of their own, for code that may keep them longer than
    /// it should: once the arena is closed, an access is an exception.
    public MemorySegment guarded(long length, Arena arena) {
        return memoryAt(segment.address(), length, arena);
    }

    private static SharedMemory mapped(Frame frame, Descriptor file, long length, int protection) {
        long address = map(frame, file, length, protection);
        boolean isDone = false;
        try {
            MemorySegment segment = memoryAt(address, length, Arena.global());
            SharedMemory memory = new SharedMemory(file,
                    protection == PROT_READ ? segment.asReadOnly() : segment);
            isDone = true;
            return memory;
        } finally {
            if (!isDone) {
                unmap(address, length);
            }
        }
    }

    static long map(Frame frame, Descriptor file, long length, int protection) {
        long address =
                Native.call(frame, MMAP, 0, length, protection, MAP_SHARED, file.number(), 0);
        if (address == -1) {
            if (frame.errno() == Errno.EPERM || frame.errno() == Errno.EACCES) {
                throw new RefusedMemoryException("it may not be written to");
            }
            throw frame.failure("mmap", "length=" + length);
        }
        return address;
    }

    // The only place where an address becomes memory: it comes from mmap.
    @SuppressWarnings("restricted")
    static MemorySegment memoryAt(long address, long length, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(length, arena, null);
    }
}
