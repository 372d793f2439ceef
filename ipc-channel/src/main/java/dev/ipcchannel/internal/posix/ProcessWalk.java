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

/// Walks through all processes that kill those with a mark in their environment, each as soon as it
/// is found, until one finds none.
///
/// A process that forks and exits all the time is somewhere else whenever somebody has made a list.
/// It does not get away from a walk that asks, each time, for the one with the next higher number
/// that is there at that moment: numbers are given out in turn. So whatever a marked process starts
/// while the walk goes on lies ahead of it, and behind it are only those that it has killed, which
/// start no more. Where the numbers have begun anew meanwhile, or one was seen amid an exec, when
/// it has no environment, another walk follows, as after each that has found some. Nothing is
/// needed for this but the right to signal them, and nothing is left of it, neither a stopped
/// process nor the folder of a control group.
///
/// The kernel's own step to the next entry is no such question: it looks ahead, and what is started
/// before it goes on is passed over. So each step seeks to the place after the number at hand. The
/// place of a number is the number and an offset, which the kernel itself says: each entry has the
/// place of the next.
///
/// The kernel may not tell the environment of a process that is amid an exec, for as long as the
/// close of a file of FUSE takes. So a walk goes on a thread of its own, and one that is held up at
/// a process is left there: another takes its place, which passes that process over. Once the
/// kernel tells, the one left behind kills what it was held up at, if that has the mark, and walks
/// once more for what it may have started.
///
/// The folder of a process below /proc, once open, is that process and no other that gets its
/// number later; so what was read there is what is killed.
///
/// ```text
///     /proc            lseek, getdents64: 17042; lseek, getdents64: 17045; …
///       17045/         open, and the signal goes here
///         environ      holds the mark?
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

    // By number: glibc has getdents64 from 2.30 on, the other from 2.36 on.
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

    private static final long LIST = 64; // behind a path
    private static final long ONE_ENTRY = 32; // as long as one with a process's name
    private static final long MANY_ENTRIES = 4096;
    private static final long TEXT = LIST + MANY_ENTRIES;
    private static final int TEXT_LENGTH = 16 * 1024;

    private static final Pattern SPACE = Pattern.compile(" ");
    private static final int FLAGS = 6; // the word after the name in brackets that has them
    private static final long PF_EXITING = 0x4;
    private static final long PF_KTHREAD = 0x200000;

    private static final long PAUSE_NANOS = 1_000_000;
    private static final long HELD_UP_NANOS = 200_000_000; // longer than a look ever takes by itself
    private static final Duration PATIENCE_BEHIND = Duration.ofSeconds(10);

    private final Frame frame = Frame.borrow(); // for errno
    private final Arena arena = Arena.ofShared(); // made by another thread than the walk's
    private final MemorySegment memory = arena.allocate(TEXT + TEXT_LENGTH, Long.BYTES);
    private final String mark;
    private final int self = (int) ProcessHandle.current().pid();
    private final Set<Integer> killed; // of all threads that walk, as the next one is
    private final Set<Integer> passedOver;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int at = NONE; // the process that is looked at
    private final AtomicLong looks = new AtomicLong();
    private volatile boolean isLeft; // it is held up, and another walks
    private volatile boolean isStopped; // nobody waits for it any more
    private volatile boolean isLate;
    private volatile @Nullable RuntimeException failure;
    private Set<Integer> undecided = new HashSet<>(); // by this walk, for want of an environment
    private Set<Integer> undecidedBefore = new HashSet<>(); // by the one before
    private boolean isNews; // this walk has found one that no other had
    private boolean isAnyLeft; // this walk has found one, or could not meet all

    private ProcessWalk(String mark, Set<Integer> killed, Set<Integer> passedOver) {
        this.mark = mark;
        this.killed = killed;
        this.passedOver = passedOver;
    }

    /// Kills the processes of this user with `mark` in their environment, but for this one, until a
    /// walk finds none: not even one that is about to end.
    ///
    /// @return how many there were; negative if some were still there at the deadline
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
                if (deadline.isPast() && walk.over.getCount() > 0) { // slow at each, perhaps
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
        } catch (OutOfMemoryError _) { // as the JDK says where no thread can be had
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
            if (!isNews) { // they are on their way out
                Pause.of(PAUSE_NANOS);
            }
        }
        return true;
    }

    /// One walk. A process that may open no more files finds nothing.
    private boolean findsAny() {
        isNews = false;
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
        isAnyLeft |= lastGivenOut() < first; // they began anew: some may be behind it
        return isAnyLeft && !isLeft;
    }

    /// The difference between the place of a process in the list and its number. The first two
    /// entries with processes are in one answer: other files, which come first, are few.
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

    /// The first process at a place or after it.
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

    private void look(int pid) {
        at = pid;
        lookAt(pid);
        at = NONE;
        looks.incrementAndGet();
        if (isLeft) { // it was held up: it may have no environment yet, or have started others
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
        isNews |= killed.add(pid);
        if (Native.call(frame, SYSCALL, PIDFD_SEND_SIGNAL, folder, SIGKILL, 0, 0, 0) < 0
                && (frame.errno() == Errno.ENOSYS || frame.errno() == Errno.EPERM)) {
            // A filter of system calls may not know that one.
            long _ = Native.call(frame, KILL, pid, SIGKILL, 0, 0, 0, 0);
        }
    }

    /// It has no environment: it is dying, or a thread of the kernel's, or has none ever; or it is
    /// amid an exec, after which it has one. The next walk knows more.
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

    private void close() {
        arena.close();
        frame.close();
    }
}
