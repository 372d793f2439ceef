package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The memory available on the machine and within the limits of this process's memory cgroups, as
/// far as the kernel reports it.
///
/// It is read before memory is made: the kernel would hand out pages of a memory file until none
/// are left, and then kill a process. It is read at most ten times a second. What was made since is
/// counted here, so a burst finds no more than there was. Only before a refusal the kernel is asked
/// again, because memory may have been freed.
///
/// Any thread may use it.
public final class AvailableMemory {

    /// A number of bytes, and the kernel's file with the limit that bounds them.
    public record Room(long bytes, String limit) {

        Room tighter(Room other) {
            return other.bytes < bytes ? other : this;
        }
    }

    private static final long KIBIBYTE = 1024;
    private static final Pattern DATA_LIMIT = // the soft one, then the hard one
            Pattern.compile("(?m)^Max data size +\\S+ +(\\S+)");
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    // What a process makes at its start is not worth the question, which takes a millisecond.
    private static final Room UNASKED = new Room(4 << 20, "not asked");

    private static final AvailableMemory OF_THIS_PROCESS = // last: it needs those above
            new AvailableMemory(new Kernel(Path.of("/proc"))::room, System::nanoTime);

    private record Reading(Room room, long atNanos, long doneBefore) {

        /// @param before promised up to now
        /// @param length to be promised
        boolean allows(long before, long length) {
            return length <= left(before);
        }

        long left(long before) {
            return Math.max(0, room.bytes - (before - doneBefore));
        }
    }

    private final Supplier<Room> kernel;
    private final LongSupplier clock;
    private final ReentrantLock asking = new ReentrantLock();
    // Bytes since the start of the process. A reading includes what was done before it. Other
    // promised bytes are not in it, or are counted twice for a tenth of a second.
    private final AtomicLong promised = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private volatile Reading reading;

    /// @param kernel gives the available memory
    /// @param clock in nanoseconds
    AvailableMemory(Supplier<Room> kernel, LongSupplier clock) {
        this.kernel = kernel;
        this.clock = clock;
        this.reading = new Reading(UNASKED, clock.getAsLong(), 0);
    }

    /// The instance for this process.
    static AvailableMemory ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /// The memory that this process and its children can have in all, used or not: that of the
    /// machine with its swap, or less by the limits of this process's memory cgroups.
    ///
    /// @param proc the kernel's folder /proc
    public static Room total(Path proc) {
        return total(proc, "SwapTotal:");
    }

    /// The same without swap.
    public static Room physical(Path proc) {
        return total(proc, "");
    }

    /// @param more the name of what counts beside the machine's memory; empty for nothing
    private static Room total(Path proc, String more) {
        Path meminfo = proc.resolve("meminfo");
        String machine = MemoryCgroups.text(meminfo);
        long memory = Figures.of(machine, "MemTotal:", Long.MAX_VALUE / KIBIBYTE) * KIBIBYTE;
        long rest = more.isEmpty() ? 0 : Figures.of(machine, more, 0) * KIBIBYTE;
        return new Room(memory + rest < 0 ? Long.MAX_VALUE : memory + rest, meminfo.toString())
                .tighter(new MemoryCgroups(proc.resolve("self")).limit());
    }

    /// The most bytes of private memory (RLIMIT_DATA) that a process may be allowed which this one
    /// starts.
    ///
    /// @param self the folder of this process in /proc
    public static long mostData(Path self) {
        Matcher hard = DATA_LIMIT.matcher(MemoryCgroups.text(self.resolve("limits")));
        return hard.find() ? Figures.number(hard.group(1), Long.MAX_VALUE) : Long.MAX_VALUE;
    }

    /// Promises `length` bytes to the caller, which makes them now and then calls [#made], whatever
    /// the outcome.
    ///
    /// @throws PosixException if they are not available, as if by a call that failed for lack of
    /// memory
    void promise(long length) {
        Reading current = reading;
        if (clock.getAsLong() - current.atNanos >= FRESH_NANOS && asking.tryLock()) {
            current = ask(); // while another thread asks, the last answer is good enough
        }
        if (isPromised(current, length)) {
            return;
        }
        asking.lock();
        current = ask();
        if (!isPromised(current, length)) {
            throw new PosixException("fallocate", Errno.ENOMEM, "length=%d, available=%d, limit=%s"
                    .formatted(length, current.left(promised.get()), current.room.limit));
        }
    }

    /// Refused bytes are never counted, because they would cause other refusals.
    private boolean isPromised(Reading current, long length) {
        long before = promised.get();
        while (current.allows(before, length)) {
            long found = promised.compareAndExchange(before, before + length);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    /// Notes that promised bytes were made, or will not be made.
    void made(long length) {
        done.addAndGet(length);
    }

    /// Called inside the lock, which it releases.
    private Reading ask() {
        try {
            long doneBefore = done.get(); // first: what is done during the read may not be in it
            Room room = kernel.get();
            Reading fresh = new Reading(room, clock.getAsLong(), doneBefore);
            reading = fresh;
            return fresh;
        } finally {
            asking.unlock();
        }
    }

    /// The files from which these figures come.
    private static final class Kernel {

        private final Path meminfo;
        private final MemoryCgroups cgroups;

        Kernel(Path proc) {
            meminfo = proc.resolve("meminfo");
            cgroups = new MemoryCgroups(proc.resolve("self"));
        }

        Room room() {
            String machine;
            try {
                machine = Files.readString(meminfo);
            } catch (IOException _) {
                machine = "";
            }
            long free = Figures.of(machine, "MemAvailable:", Long.MAX_VALUE / KIBIBYTE) * KIBIBYTE;
            long swap = Figures.of(machine, "SwapFree:", 0) * KIBIBYTE;
            // If the machine does not report it, the call itself fails.
            Room all = new Room(free + swap < 0 ? Long.MAX_VALUE : free + swap, meminfo.toString());
            return all.tighter(cgroups.room(swap));
        }
    }
}
