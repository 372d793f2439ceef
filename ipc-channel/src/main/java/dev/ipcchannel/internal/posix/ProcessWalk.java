package dev.ipcchannel.internal.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ipcchannel.internal.base.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A walk through all processes that kills those with a mark in their environment, each as soon as
/// it is found. Walks are repeated until one finds none.
///
/// A process that forks and exits all the time is never in a list made before. It does not escape a
/// walk that asks, at each step, for the process with the next higher number at that moment,
/// because numbers are given out in ascending order. So everything that a marked process starts
/// during the walk has a higher number than the walk's place, and below the place are only
/// processes that the walk has killed, which start nothing. If the numbers wrapped around
/// meanwhile, or if a process was seen amid an exec, when it has no environment, another walk
/// follows, as after each walk that has found some. A walk needs only the right to signal the
/// processes. It leaves nothing, neither a stopped process nor the folder of a control group.
///
/// The kernel's own step to the next entry does not do: it reads ahead, and misses processes
/// started before the walk continues. So each step seeks to the place after the present number. The
/// place of a number is the number plus an offset, which the kernel gives: each entry has the place
/// of the next.
///
/// The kernel may withhold the environment of a process that is amid an exec, for as long as the
/// close of a file of FUSE takes. So a walk runs on a thread of its own, and a walk that hangs at a
/// process is left there: another walk replaces it, which skips that process. Once the kernel
/// answers, the walk that was left kills the process, if it has the mark, and walks once more for
/// processes that it may have started.
///
/// The folder of a process below /proc, once open, belongs to that process and to no later process
/// with the same number; so the process whose environment was read is the one that is killed.
///
/// The folder of a process below /proc, once open, is that process and no other that gets its
/// number later; so what was read there is what is killed.
///
/// ```text
///     /proc            lseek, getdents64: 17042; lseek, getdents64: 17045; …
///       17045/         open, and the signal goes here
///         environ      has the mark?
///         stat         where that is empty: it is dying, of the kernel's, or amid an exec
/// ```
public final class ProcessWalk {

    // long syscall(long number, ...);
    static final MemorySegment SYSCALL = Native.symbol("syscall");
    // int open(const char *path, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPEN = Native.symbol("open");
    // int openat(int dirfd, const char *path, int flags, ... /* mode_t mode */);
    private static final MemorySegment OPENAT = Native.symbol("openat");
    // ssize_t read(int fd, void *buf, size_t count);
    private static final MemorySegment READ = Native.symbol("read");
    // int kill(pid_t pid, int sig);
    private static final MemorySegment KILL = Native.symbol("kill");

    // By number: glibc has getdents64 since 2.30, the other since 2.36.
    static final long GETDENTS64 = System.getProperty("os.arch").equals("aarch64") ? 61
            : 217;
    private static final long PIDFD_SEND_SIGNAL = 424;

    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SIGKILL = 9;
    private static final int NONE = -1;

    // off_t lseek(int fd, off_t offset, int whence);
    private static final MemorySegment LSEEK = Native.symbol("lseek");

    // struct linux_dirent64
    private static final int NEXT_PLACE = 8;
    private static final int RECORD_LENGTH = 16;
    private static final int NAME = 19;

    private static final long LIST = 64; // after a path
    private static final long ONE_ENTRY = 32; // as long as an entry with a process's name
    private static final long MANY_ENTRIES = 4096;
    private static final long TEXT = LIST + MANY_ENTRIES;
    private static final int TEXT_LENGTH = 16 * 1024;

    private static final Pattern SPACE = Pattern.compile(" ");
    private static final int FLAGS = 6; // the index of their word after the name in brackets
    private static final long PF_EXITING = 0x4;
    private static final long PF_KTHREAD = 0x200000;

    private static final long PAUSE_NANOS = 1_000_000;
    // Longer than a look ever takes by itself.
    private static final long HELD_UP_NANOS = 200_000_000;
    private static final Duration PATIENCE_BEHIND = Duration.ofSeconds(10);

    private final Frame frame = Frame.borrow(); // for errno
    private final Arena arena = Arena.ofShared(); // made by another thread than the walk's
    private final MemorySegment memory = arena.allocate(TEXT + TEXT_LENGTH, Long.BYTES);
    private final String mark;
    private final int self = (int) ProcessHandle.current().pid();
    private final Set<Integer> killed; // shared by all walking threads, as the next set is
    private final Set<Integer> passedOver;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int at = NONE; // the process at which the walk looks
    private final AtomicLong looks = new AtomicLong();
    private volatile boolean isLeft; // whether it hangs, and another walk has replaced it
    private volatile boolean isStopped; // whether no thread waits for it any more
    private volatile boolean isLate;
    private volatile @Nullable RuntimeException failure;
    // Without a decision in this walk, for lack of an environment.
    private Set<Integer> undecided = new HashSet<>();
    private Set<Integer> undecidedBefore = new HashSet<>(); // the same for the walk before
    private boolean isFirstToFind; // whether this walk has found a process that no other had
    private boolean isAnyLeft; // whether this walk has found one, or may have missed some

    private ProcessWalk(String mark, Set<Integer> killed, Set<Integer> passedOver) {
        this.mark = mark;
        this.killed = killed;
        this.passedOver = passedOver;
    }

    /// Kills the other processes of this user with `mark` in their environment, until a walk finds
    /// none, also none that is about to end.
    ///
    /// @return the number of processes; negative if some were still there at the deadline
    public static int killMarked(String mark, Deadline deadline) {
        Set<Integer> killed = ConcurrentHashMap.newKeySet();
        Set<Integer> passedOver = ConcurrentHashMap.newKeySet();
        boolean isInterrupted = false;
        try {
            ProcessWalk walk = begin(mark, killed, passedOver, deadline);
            while (true) {
                long looksBefore = walk.looks.get();
                try {
                    if (walk.over.await(HELD_UP_NANOS, TimeUnit.NANOSECONDS)) {
                        return walk.result();
                    }
                } catch (InterruptedException _) {
                    isInterrupted = true;
                    continue;
                }
                int heldUpAt = walk.at;
                boolean isHeldUp = heldUpAt != NONE && walk.looks.get() == looksBefore;
                if (isHeldUp) {
                    passedOver.add(heldUpAt);
                    walk.isLeft = true;
                }
                if (deadline.isPast() && walk.over.getCount() > 0) { // perhaps slow at each process
                    walk.isStopped = true;
                    return -killed.size() - 1;
                }
                if (isHeldUp) {
                    walk = begin(mark, killed, passedOver, deadline);
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ProcessWalk begin(String mark, Set<Integer> killed, Set<Integer> passedOver,
            Deadline deadline) {
        ProcessWalk walk = new ProcessWalk(mark, killed, passedOver);
        try {
            Thread.ofPlatform().daemon().name("ipc-channel process walk")
                    .start(() -> walk.run(deadline));
        } catch (OutOfMemoryError _) { // the JDK's failure if there is no thread
            walk.run(deadline);
        }
        return walk;
    }

    private void run(Deadline deadline) {
        try {
            isLate = !killAll(deadline);
        } catch (RuntimeException thrown) {
            failure = thrown;
        } finally {
            close();
            over.countDown();
        }
    }

    private int result() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
        return isLate ? -killed.size() - 1 : killed.size();
    }

    /// @return false if some were still there at the deadline
    private boolean killAll(Deadline deadline) {
        while (findsAny()) {
            if (deadline.isPast()) {
                return false;
            }
            if (!isFirstToFind) { // they are about to end
                Pause.of(PAUSE_NANOS);
            }
        }
        return true;
    }

    /// Makes one walk. If this process may open no more files, it finds nothing.
    private boolean findsAny() {
        isFirstToFind = false;
        isAnyLeft = false;
        undecidedBefore = undecided;
        undecided = new HashSet<>();
        int first = lastGivenOut();
        int list = open("/proc");
        if (list < 0) {
            return false;
        }
        try {
            long offset = offset(list);
            for (int pid = next(list, offset); pid != NONE && !isLeft && !isStopped; pid =
                    next(list, pid + 1 + offset)) {
                if (pid != self && !passedOver.contains(pid)) {
                    look(pid);
                }
            }
        } finally {
            Closer.closeNow(list);
        }
        isAnyLeft |= lastGivenOut() < first; // wrapped around: some may be at lower numbers
        return isAnyLeft && !isLeft;
    }

    /// The difference between the place of a process in the list and its number. One answer of the
    /// kernel has the first two entries with processes, because the other files, which come first,
    /// are few.
    private long offset(int list) {
        for (long length = list(list, MANY_ENTRIES); length > 0; length =
                list(list, MANY_ENTRIES)) {
            long place = NONE;
            for (long at = LIST; at < LIST + length; at += memory.get(JAVA_SHORT,
                    at + RECORD_LENGTH)) {
                int pid = number(at + NAME);
                if (pid != NONE && place != NONE) {
                    return place - pid;
                }
                place = memory.get(JAVA_LONG, at + NEXT_PLACE);
            }
        }
        throw new IllegalStateException("no process is in /proc, not even this one");
    }

    /// The first process at or after a place.
    ///
    /// @return NONE if there is none
    private int next(int list, long place) {
        long _ = Native.call(frame, LSEEK, list, place, 0, 0, 0, 0);
        return list(list, ONE_ENTRY) > 0 ? number(LIST + NAME) : NONE;
    }

    private long list(int list, long room) {
        return Native.call(frame, SYSCALL, GETDENTS64, list, memory.address() + LIST, room, 0, 0);
    }

    /// The number that was given out last.
    private int lastGivenOut() {
        String load = read(AT_FDCWD, "/proc/loadavg"); // 0.20 0.18 0.12 1/80 11206
        int number = load.lastIndexOf(' ') + 1;
        return load.isBlank() ? 0 : Integer.parseInt(load.substring(number).strip());
    }

    /// The number that a name stands for.
    ///
    /// @return NONE if the name is not a number
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

    private void look(int pid) {
        at = pid;
        lookAt(pid);
        at = NONE;
        looks.incrementAndGet();
        if (isLeft) { // it hung: the process may still have no environment, or have started others
            passedOver.remove(pid);
            int _ = killMarked(mark, Deadline.after(PATIENCE_BEHIND));
        }
    }

    private void lookAt(int pid) {
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
        isFirstToFind |= killed.add(pid);
        if (Native.call(frame, SYSCALL, PIDFD_SEND_SIGNAL, folder, SIGKILL, 0, 0, 0) < 0
                && (frame.errno() == Errno.ENOSYS || frame.errno() == Errno.EPERM)) {
            // A filter of system calls may not have that call.
            long _ = Native.call(frame, KILL, pid, SIGKILL, 0, 0, 0, 0);
        }
    }

    /// Looks at a process without an environment. It is dying, or a thread of the kernel's, or
    /// never has an environment; or the process is amid an exec, after which it has one. The next
    /// walk decides.
    private void lookAgain(int pid, int folder) {
        String stat = read(folder, "stat"); // 17045 (a name) S 17042 17042 17042 0 -1 4194304 …
        List<String> words = Arrays
                .asList(SPACE.split(stat.substring(stat.lastIndexOf(')') + 1).strip()));
        if (words.size() <= FLAGS
                || (Long.parseLong(words.get(FLAGS)) & (PF_EXITING | PF_KTHREAD)) != 0) {
            return; // gone, or starts nothing any more
        }
        undecided.add(pid);
        if (!undecidedBefore.contains(pid)) {
            isAnyLeft = true;
            isFirstToFind = true;
        }
    }

    /// The text of a file of a process, empty if it cannot be read.
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

    private void close() {
        arena.close();
        frame.close();
    }
}
