package dev.ipcchannel.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Walks through all processes that kill those with a mark in their environment, each as soon as it
/// is found, until one finds none.
///
/// A process that forks and exits all the time is somewhere else whenever somebody has made a list.
/// It does not get away from a walk that asks for one process at a time: the kernel then gives the
/// one with the next higher number that is there at that moment, and numbers are given out in turn.
/// So whatever a marked process starts while the walk goes on lies ahead of it, and behind it are
/// only those that it has killed, which start no more. The numbers begin anew now and then, and one
/// that is seen amid an exec has no environment: hence another walk after each that has found
/// something. Nothing is needed for this but the right to signal them, and nothing is left of it,
/// neither a stopped process nor the folder of a control group.
///
/// The folder of a process below /proc, once open, is that process and no other that gets its
/// number later; so what was read there is what is killed.
///
/// ```text
///     /proc            getdents64: 17042, then 17045, then 17046 …
///       17045/         open, and the signal goes here
///         environ      holds the mark?
///         stat         where that is empty: it is dying, of the kernel's, or amid an exec
/// ```
final class ProcessWalk implements AutoCloseable {

    // long syscall(long number, ...);
    private static final MemorySegment SYSCALL = Native.symbol("syscall");
    // int open(const char *path, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPEN = Native.symbol("open");
    // int openat(int dirfd, const char *path, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPENAT = Native.symbol("openat");
    // ssize_t read(int fd, void *buf, size_t count);
    private static final MemorySegment READ = Native.symbol("read");
    // int kill(pid_t pid, int sig);
    private static final MemorySegment KILL = Native.symbol("kill");

    // By number: glibc has getdents64 from 2.30 on, the other from 2.36 on.
    private static final long GETDENTS64 = System.getProperty("os.arch").equals("aarch64") ? 61
            : 217;
    private static final long PIDFD_SEND_SIGNAL = 424;

    private static final int O_CLOEXEC = 0x80000;
    private static final int SIGKILL = 9;
    private static final int NONE = -1;

    // struct linux_dirent64
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private static final long LIST = 64; // behind a path
    private static final long ONE_NUMBER = 32; // as long as one entry with a process's name
    private static final long ONE_NAME = 280; // of whatever length
    private static final long TEXT = LIST + ONE_NAME;
    private static final int TEXT_LENGTH = 16 * 1024;

    private static final String KERNEL_THREADS = "2 "; // their parent's number

    private static final long PAUSE_NANOS = 1_000_000;

    private final Frame frame = Frame.borrow(); // for errno
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(TEXT + TEXT_LENGTH, Long.BYTES);
    private final String mark;
    private final int self = (int) ProcessHandle.current().pid();
    private final Set<Integer> killed = new HashSet<>();
    private final Set<Integer> undecided = new HashSet<>(); // for want of an environment
    private boolean isNews; // this walk has found one that no other had
    private boolean isAnyLeft; // this walk has found one

    private ProcessWalk(String mark) {
        this.mark = mark;
    }

    /// Kills the processes of this user with `mark` in their environment, but for this one, until a
    /// walk finds none: not even one that is about to end.
    ///
    /// @return how many there were; negative if some were still there at the deadline
    static int killMarked(String mark, Deadline deadline) {
        try (ProcessWalk walk = new ProcessWalk(mark)) {
            while (walk.findsAny()) {
                if (deadline.isPast()) {
                    return -walk.killed.size() - 1;
                }
                if (!walk.isNews) { // they are on their way out
                    Pause.of(PAUSE_NANOS);
                }
            }
            return walk.killed.size();
        }
    }

    /// One walk. A process that may open no more files finds nothing.
    private boolean findsAny() {
        isNews = false;
        isAnyLeft = false;
        int list = open("/proc");
        if (list < 0) {
            return false;
        }
        try {
            for (long length = list(list); length > 0; length = list(list)) {
                for (long at = LIST; at < LIST + length;) {
                    lookAt(number(at + NAME));
                    at += memory.get(JAVA_SHORT, at + RECORD_LENGTH);
                }
            }
        } finally {
            Closer.closeNow(list);
        }
        return isAnyLeft;
    }

    /// The next of them, or of the other files there, which come first.
    private long list(int list) {
        long length = list(list, ONE_NUMBER);
        return length < 0 && frame.errno() == Errno.EINVAL ? list(list, ONE_NAME) : length;
    }

    private long list(int list, long room) {
        return Native.call(frame, SYSCALL, GETDENTS64, list, memory.address() + LIST, room, 0, 0);
    }

    /// The number that a name is.
    ///
    /// @return NONE if it is another name
    private int number(long at) {
        int number = 0;
        for (long i = at; memory.get(JAVA_BYTE, i) != 0; i++) {
            int digit = memory.get(JAVA_BYTE, i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private void lookAt(int pid) {
        if (pid == NONE || pid == self) {
            return;
        }
        int folder = open("/proc/" + pid);
        if (folder < 0) {
            return; // gone
        }
        try {
            String environment = read(folder, "environ");
            if (environment.isEmpty()) {
                lookAgain(pid, folder);
            } else if (environment.contains(mark)) {
                kill(pid, folder);
            }
        } finally {
            Closer.closeNow(folder);
        }
    }

    private void kill(int pid, int folder) {
        isAnyLeft = true;
        isNews |= killed.add(pid);
        if (Native.call(frame, SYSCALL, PIDFD_SEND_SIGNAL, folder, SIGKILL, 0, 0, 0) < 0
                && (frame.errno() == Errno.ENOSYS || frame.errno() == Errno.EPERM)) {
            // A filter of system calls may not know that one.
            long _ = Native.call(frame, KILL, pid, SIGKILL, 0, 0, 0, 0);
        }
    }

    /// It has no environment: it is dying or a thread of the kernel's, or has none ever, or it is
    /// amid an exec, after which it has one. The next walk knows more.
    private void lookAgain(int pid, int folder) {
        String stat = read(folder, "stat"); // 17045 (a name) S 17042 …
        int state = stat.lastIndexOf(')') + 2;
        if (state >= stat.length() || "ZXx".indexOf(stat.charAt(state)) >= 0
                || stat.startsWith(KERNEL_THREADS, state + 2)) {
            return;
        }
        if (undecided.add(pid)) {
            isAnyLeft = true;
            isNews = true;
        }
    }

    /// A file of a process, empty if it cannot be read.
    private String read(int folder, String name) {
        int file = (int) Native.call(frame, OPENAT, folder, path(name), O_CLOEXEC, 0, 0, 0);
        if (file < 0) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try {
            for (int length = read(file); length > 0; length = read(file)) {
                text.append(new String(memory.asSlice(TEXT, length).toArray(JAVA_BYTE),
                        StandardCharsets.ISO_8859_1));
            }
        } finally {
            Closer.closeNow(file);
        }
        return text.toString();
    }

    private int read(int file) {
        return (int) Native.call(frame, READ, file, memory.address() + TEXT, TEXT_LENGTH, 0, 0, 0);
    }

    private int open(String path) {
        return (int) Native.call(frame, OPEN, path(path), O_CLOEXEC, 0, 0, 0, 0);
    }

    private long path(String path) {
        memory.setString(0, path);
        return memory.address();
    }

    @Override
    public void close() {
        arena.close();
        frame.close();
    }
}
