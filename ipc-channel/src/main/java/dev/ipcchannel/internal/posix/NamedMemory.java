package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.base.DeepLock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The memory of a file with a name, mapped into this process: memory for processes that know
/// nothing of each other but that name.
///
/// It is not sealed, because the programs on the other side set its length themselves. Before the
/// mapping this class checks what it can: that the file belongs to this user alone and is long
/// enough. An existing file is never shortened, removed or lengthened, except an empty one: the
/// process that has just made an empty file gives it its length now, or was killed before it could.
///
/// A new file gets its name once it has all its bytes. So a file that could not be made never had
/// the name, and no file is removed that another process may have found there.
///
/// The mapping has an arena of its own: an access after [#close] is an exception.
public final class NamedMemory implements AutoCloseable {

    // While another program keeps making and removing the file.
    private static final int ATTEMPTS = 1000;
    private static final String OF_OWNER_ALONE = "600";
    private static final String ANOTHER_NAME = "take another name";
    private static final String NOT_THAT_FILE = "unlink it, or " + ANOTHER_NAME;

    private final MemorySegment segment;
    private final Arena arena;
    private final ReentrantLock closing = new DeepLock();
    private boolean isClosed; // guarded by that lock

    private NamedMemory(MemorySegment segment, Arena arena) {
        this.segment = segment;
        this.arena = arena;
    }

    /// Maps the first `length` bytes of the file, which is made, of zeros, if there is none. A lack
    /// of memory fails here, not with a signal at the first access.
    ///
    /// @throws RefusedFileException if the file must not be mapped
    /// @throws PosixException if it cannot be opened, made or mapped; if its folder does not exist,
    /// ENOENT
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
            // Without O_CREAT, which some kernels refuse for another user's file
            // (fs.protected_regular).
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

    /// Makes the file, unless another process has done so meanwhile. It is opened by its name
    /// afterwards, because the kernel shows a mapping by the name under which its file was opened.
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

    /// Gives the file the pages that it lacks: the program that made it may have left holes.
    private static void fill(Frame frame, Descriptor file, long length) {
        FileState state = FileState.of(file);
        long missing = Math.max(0, length - state.allocated());
        AvailableMemory available = AvailableMemory.ofThisProcess();
        available.promise(missing);
        try {
            if (state.size() == 0) {
                // The last byte first: the file has its whole length at once. A peer that does the
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

    /// Unmaps. A thread that accesses the bytes meanwhile or later gets an [IllegalStateException];
    /// the caller has made sure that none sleeps on a word of them. The second and later closes do
    /// nothing.
    ///
    /// @throws IllegalStateException if native code is using the bytes, which stay mapped
    @Override
    public void close() {
        close(() -> {});
    }

    /// Unmaps as [#close()] does.
    ///
    /// @param last runs once no thread can write to the bytes any more, before they are unmapped
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
