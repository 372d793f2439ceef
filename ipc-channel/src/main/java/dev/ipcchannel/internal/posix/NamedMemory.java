package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.base.DeepLock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A file with a name, mapped into this process: memory for processes that know nothing of each
/// other but the name.
///
/// It is not sealed, for programs that are to be met there cut it to size themselves. What can be
/// checked is checked before it is mapped: that it is a file of this user's alone and long enough.
/// One that is there is never cut, never removed and never made longer, but for one without a byte:
/// that one has just been made by a process which gives it its length now, or was killed before it
/// could.
///
/// A new one gets its name when it has all its bytes. So one that cannot be made never had the
/// name, and nothing is removed that another process may have found there.
///
/// The mapping has an arena of its own: a look at the bytes after [#close] is an exception.
public final class NamedMemory implements AutoCloseable {

    private static final int ATTEMPTS = 1000; // while something makes the file and removes it
    private static final String OF_OWNER_ALONE = "600";
    private static final String ANOTHER_NAME = "take another name";
    private static final String NOT_THAT_FILE = "unlink it, or " + ANOTHER_NAME;

    private final MemorySegment segment;
    private final Arena arena;
    private final ReentrantLock closing = new DeepLock();
    private boolean isClosed; // under that lock

    private NamedMemory(MemorySegment segment, Arena arena) {
        this.segment = segment;
        this.arena = arena;
    }

    /// Maps the first `length` bytes of the file, which is made, of zeros, where there is none. A
    /// lack of memory is an error here, not a signal at the first touch.
    ///
    /// @throws RefusedFileException if what is there is not to be mapped
    /// @throws PosixException if it cannot be opened, made or mapped; of a folder that is not
    /// there, ENOENT
    public static NamedMemory open(Path path, long length) {
        try (Frame frame = Frame.borrow()) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                try (Descriptor file = existing(path)) {
                    if (file != null) {
                        return checked(frame, file, length);
                    }
                }
                make(frame, path, length);
            }
            throw new RefusedFileException("something makes and removes it all the time",
                    "end that, or " + ANOTHER_NAME);
        }
    }

    private static @Nullable Descriptor existing(Path path) {
        try {
            // Without O_CREAT, which some kernels refuse for another's file (fs.protected_regular).
            return FileCalls.open(path.toString(), FileCalls.O_RDWR | FileCalls.O_NOFOLLOW);
        } catch (PosixException failure) {
            throw switch (failure.errno()) {
                case Errno.ELOOP ->
                        new RefusedFileException("it is a symbolic link", NOT_THAT_FILE);
                case Errno.EISDIR -> new RefusedFileException("it is a directory",
                        "remove that directory, or " + ANOTHER_NAME);
                case Errno.ENXIO ->
                        new RefusedFileException("it is no file with bytes", NOT_THAT_FILE);
                case Errno.EACCES ->
                        new RefusedFileException("this user may not open it", ANOTHER_NAME);
                default -> failure;
            };
        }
    }

    /// Makes the file, unless another process has done so meanwhile. It is opened by its name after
    /// this, as the kernel shows a mapping by the name under which it was opened.
    private static void make(Frame frame, Path path, long length) {
        try (Descriptor file = FileCalls.openNameless(path)) {
            fill(frame, file, length);
            boolean _ = FileCalls.name(file, path);
        }
    }

    private static NamedMemory checked(Frame frame, Descriptor file, long length) {
        FileState state = FileState.of(file);
        if (!state.isRegular()) {
            throw new RefusedFileException("it is no file with bytes", NOT_THAT_FILE);
        }
        if (!state.isOwn()) {
            throw new RefusedFileException("it is another user's: owner=%s, user=%s".formatted(
                    Integer.toUnsignedString(state.uid()),
                    Integer.toUnsignedString(Users.effective())), ANOTHER_NAME);
        }
        if (!state.rights().endsWith(OF_OWNER_ALONE)) { // a sticky bit before it gives no right
            throw new RefusedFileException("it is not its owner's alone: mode=%s, needed=%s"
                    .formatted(state.rights(), OF_OWNER_ALONE),
                    "give it that mode (chmod), or " + NOT_THAT_FILE);
        }
        if (state.size() > 0 && state.size() < length) {
            throw new RefusedFileException(
                    "it is shorter than it has to be: bytes=%d, needed=%d".formatted(state.size(),
                            length),
                    "give the sizes and the dialect of the other side, or " + NOT_THAT_FILE);
        }
        fill(frame, file, length);
        return mapped(frame, file, length);
    }

    /// Gives the file the pages that it lacks: whatever has made it may have left holes.
    private static void fill(Frame frame, Descriptor file, long length) {
        FileState state = FileState.of(file);
        long missing = Math.max(0, length - state.allocated());
        AvailableMemory available = AvailableMemory.ofThisProcess();
        available.promise(missing);
        try {
            if (state.size() == 0) {
                // The last byte first: it has its whole length at once, and a peer that does the
                // same now, or has made it longer, loses nothing, as it might by ftruncate.
                SharedMemory.allocate(frame, file, length - 1, 1);
            }
            SharedMemory.allocate(frame, file, 0, length);
        } finally {
            available.made(missing);
        }
    }

    private static NamedMemory mapped(Frame frame, Descriptor file, long length) {
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
    /// the caller has made sure that none sleeps on a word of them. After a call that has unmapped
    /// them, the others do nothing.
    ///
    /// @throws IllegalStateException if native code is using the bytes, which stay mapped
    @Override
    public void close() {
        close(() -> {});
    }

    /// Unmaps as [#close()] does.
    ///
    /// @param last runs once no thread can write to the bytes any more, before they go
    public void close(Runnable last) {
        closing.lock();
        try {
            if (!isClosed) {
                long address = segment.address();
                arena.close();
                isClosed = true;
                last.run();
                SharedMemory.unmap(address, segment.byteSize());
            }
        } finally {
            closing.unlock();
        }
    }
}
