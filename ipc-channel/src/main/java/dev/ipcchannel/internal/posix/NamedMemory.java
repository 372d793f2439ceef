package dev.ipcchannel.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A file with a name, mapped into this process: memory for processes that know nothing of each
/// other but the name.
///
/// It is not sealed, for programs that are to be met there cut it to size themselves. What can be
/// checked is checked before it is mapped: that it is a file of this user's alone and long enough.
/// One that is there is never cut and never made longer, but for one without a byte: that one has
/// just been made by a process which gives it its length now, or was killed before it could.
///
/// The mapping has an arena of its own: who touches the bytes after [#close] gets an exception.
public final class NamedMemory implements AutoCloseable {

    private static final int ATTEMPTS = 1000; // while something makes the file and removes it
    private static final String OF_OWNER_ALONE = "600";

    private final MemorySegment segment;
    private final Arena arena;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NamedMemory(MemorySegment segment, Arena arena) {
        this.segment = segment;
        this.arena = arena;
    }

    /// Maps the first `length` bytes of the file, which is made, of zeros, where there is none. A
    /// lack of memory is an error here, not a signal at the first touch.
    ///
    /// @throws RefusedFileException if what is there is not to be mapped
    /// @throws PosixException if it cannot be opened, made or mapped; of a folder that is not there,
    /// ENOENT
    public static NamedMemory open(Path path, long length) {
        try (Frame frame = Frame.borrow()) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                try (Descriptor file = existing(path)) {
                    if (file != null) {
                        return checked(frame, file, length);
                    }
                }
                try (Descriptor file = made(path)) {
                    if (file != null) {
                        return filled(frame, file, path, length);
                    }
                }
            }
            throw new RefusedFileException("it comes and goes");
        }
    }

    private static @Nullable Descriptor existing(Path path) {
        try {
            // Without O_CREAT, which some kernels refuse for another's file (fs.protected_regular).
            return FileCalls.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_NOFOLLOW);
        } catch (PosixException failure) {
            throw switch (failure.errno()) {
                case Errno.ELOOP -> new RefusedFileException("it is a symbolic link");
                case Errno.EISDIR -> new RefusedFileException("it is a directory");
                case Errno.ENXIO -> new RefusedFileException("it is no file with bytes");
                case Errno.EACCES -> new RefusedFileException("this user may not open it");
                default -> failure;
            };
        }
    }

    /// @return null if somebody else has made it meanwhile
    private static @Nullable Descriptor made(Path path) {
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW;
        try {
            Descriptor file = FileCalls.open(path.toString(), flags);
            if (file == null) {
                throw new PosixException("open", Errno.ENOENT, "path=" + path);
            }
            return file;
        } catch (PosixException failure) {
            if (failure.errno() == Errno.EEXIST) {
                return null;
            }
            throw failure;
        }
    }

    private static NamedMemory checked(Frame frame, Descriptor file, long length) {
        FileState state = FileState.of(file);
        if (!state.isRegular()) {
            throw new RefusedFileException("it is no file with bytes");
        }
        if (!state.isOwn()) {
            throw new RefusedFileException("it is another user's: owner=%s, user=%s".formatted(
                    Integer.toUnsignedString(state.uid()),
                    Integer.toUnsignedString(Users.effective())));
        }
        if (!state.rights().equals(OF_OWNER_ALONE)) {
            throw new RefusedFileException("it is not its owner's alone: mode=%s, needed=%s"
                    .formatted(state.rights(), OF_OWNER_ALONE));
        }
        if (state.size() == 0) {
            return fill(frame, file, length);
        }
        if (state.size() < length) {
            throw new RefusedFileException(
                    "it is shorter than it has to be: bytes=%d, needed=%d".formatted(state.size(),
                            length));
        }
        return mapped(frame, file, length);
    }

    private static NamedMemory filled(Frame frame, Descriptor file, Path path, long length) {
        boolean isDone = false;
        try {
            NamedMemory memory = fill(frame, file, length);
            isDone = true;
            return memory;
        } finally {
            if (!isDone) {
                FileCalls.remove(path); // nobody can fill it now, and the name would stay
            }
        }
    }

    private static NamedMemory fill(Frame frame, Descriptor file, long length) {
        AvailableMemory available = AvailableMemory.ofThisProcess();
        available.promise(length);
        try {
            // The last byte first: it has its whole length at once, and a peer that does the same
            // now, or has made it longer, loses nothing, as it might by ftruncate.
            SharedMemory.allocate(frame, file, length - 1, 1);
            return mapped(frame, file, length);
        } finally {
            available.made(length);
        }
    }

    private static NamedMemory mapped(Frame frame, Descriptor file, long length) {
        SharedMemory.allocate(frame, file, 0, length); // whoever made it may have left holes
        long address = SharedMemory.map(frame, file, length, SharedMemory.PROT_READ_WRITE);
        boolean isDone = false;
        try {
            Arena arena = Arena.ofShared();
            NamedMemory memory =
                    new NamedMemory(SharedMemory.memoryAt(address, length, arena), arena);
            isDone = true;
            return memory;
        } finally {
            if (!isDone) {
                SharedMemory.unmap(address, length);
            }
        }
    }

    /// The mapped bytes, until [#close].
    public MemorySegment segment() {
        return segment;
    }

    /// Unmaps. A thread that touches the bytes meanwhile or later gets an [IllegalStateException];
    /// the caller has made sure that none sleeps on a word of them.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            long address = segment.address();
            arena.close();
            SharedMemory.unmap(address, segment.byteSize());
        }
    }
}
