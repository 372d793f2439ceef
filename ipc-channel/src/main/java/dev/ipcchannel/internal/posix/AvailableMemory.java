package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The memory that is to be had, as far as the kernel can tell: on the machine, and within the
/// limits of this process's memory cgroups.
///
/// Asked before memory is made: the kernel would hand out pages of a memory file until there are
/// none left, and then kill a process for it. It tells ten times a second at most; what was made
/// since is counted here, so a burst finds no more than there was. Only before a refusal the kernel
/// is asked again, for something may have been let go.
///
/// Any thread may use it.
final class AvailableMemory {

    /// The room that can be had, and by which limit.
    record Room(long bytes, String limit) {

        Room tighter(Room other) {
            return other.bytes < bytes ? other : this;
        }
    }

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    // What a process makes at its start is not worth the question, which would take a millisecond.
    private static final Room UNASKED = new Room(4 << 20, "not asked");

    private static final AvailableMemory OF_THIS_PROCESS = // last: it needs those above
            new AvailableMemory(new Kernel(Path.of("/proc"))::room, System::nanoTime);

    private record Reading(Room room, long atNanos, long doneBefore) {

        /// @param before promised until now
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
    // Bytes since the start of the process. What was done before a reading is in its figures; all
    // else that was promised is not, or counted twice for a tenth of a second.
    private final AtomicLong promised = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private volatile Reading reading;

    /// @param kernel tells what can be had
    /// @param clock tells nanoseconds
    AvailableMemory(Supplier<Room> kernel, LongSupplier clock) {
        this.kernel = kernel;
        this.clock = clock;
        this.reading = new Reading(UNASKED, clock.getAsLong(), 0);
    }

    /// That of this process.
    static AvailableMemory ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /// Promises `length` bytes to the caller, who makes them now and says so by [#made], whatever
    /// came of it.
    ///
    /// @throws PosixException if they cannot be had, as of a call that has failed for want of
    /// memory
    void promise(long length) {
        Reading current = reading;
        if (clock.getAsLong() - current.atNanos >= FRESH_NANOS && asking.tryLock()) {
            current = ask(); // while another thread asks, what it asked last is good enough
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

    /// What is refused is never counted: it would have others refused.
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

    /// The bytes that were promised are there, or are not going to be.
    void made(long length) {
        done.addAndGet(length);
    }

    /// Inside the lock, which it leaves.
    private Reading ask() {
        try {
            long doneBefore = done.get(); // first: what is done while the kernel tells is not in it
            Room room = kernel.get();
            Reading fresh = new Reading(room, clock.getAsLong(), doneBefore);
            reading = fresh;
            return fresh;
        } finally {
            asking.unlock();
        }
    }

    /// The kernel's sources of these figures.
    private static final class Kernel {

        private static final long KIBIBYTE = 1024;

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
            // A machine that does not tell: the call itself will.
            Room all = new Room(free + swap < 0 ? Long.MAX_VALUE : free + swap, meminfo.toString());
            return all.tighter(cgroups.room(swap));
        }
    }
}
