package dev.ipcchannel.zipc;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.NamedMemory;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.wait.FutexWait;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A queue that is open: its memory, the thread inside, and its close.
///
/// It holds no reference to the end that users have, which the collector may find forgotten: this
/// is what is closed then.
final class OpenQueue {

    private static final long SECONDS_MASK = 0xFFFF_FFFFL;
    private static final int SECONDS_SHIFT = 16;
    private static final Duration PATIENCE = Duration.ofMillis(100); // of a close with such a wait
    private static final long PAUSE_NANOS = 20_000; // between two looks at a wait that has been ended

    private final String name;
    private final long id;
    private final ZipcQueue queue;
    private final @Nullable NamedMemory file; // null where the memory is the caller's
    private final FutexWait wait;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean isInUse = new AtomicBoolean();
    private volatile boolean isWaiting; // the receiver, with the count of waiters that says so

    private OpenQueue(String name, long id, ZipcQueue queue, @Nullable NamedMemory file) {
        this.name = name;
        this.id = id;
        this.queue = queue;
        this.file = file;
        this.wait = new FutexWait(queue.tailAddress());
    }

    /// Opens the queue of that name, whose file is made if it is not there.
    static OpenQueue open(String name, int queueSize, int messageSize, ZipcOptions options) {
        Argument.given(options, "options");
        QueueFile place = new QueueFile(name);
        QueueLayout layout = QueueLayout.of(place, queueSize, messageSize, options.dialect());
        EndAccess.checkPlatform();
        NamedMemory file = place.map(layout);
        boolean isDone = false;
        try {
            ZipcQueue queue = new ZipcQueue(Printable.brief(name), layout, file.segment());
            OpenQueue opened = new OpenQueue(name, ownId(), queue, file);
            isDone = true;
            return opened;
        } finally {
            if (!isDone) {
                file.close();
            }
        }
    }

    /// Uses memory that the caller has, and keeps, for a queue.
    static OpenQueue over(MemorySegment memory, String name, int queueSize, int messageSize,
            long id, ZipcOptions options) {
        Argument.given(memory, "memory");
        Argument.given(options, "options");
        QueueFile place = new QueueFile(name);
        QueueLayout layout = QueueLayout.of(place, queueSize, messageSize, options.dialect());
        EndAccess.checkPlatform();
        layout.checkFits(memory, place);
        MemorySegment used = memory.asSlice(0, layout.length());
        return new OpenQueue(place.name(), id, new ZipcQueue(Printable.brief(name), layout, used),
                null);
    }

    /// As zipc makes the number of an end: when it came, and its process.
    private static long ownId() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        return ((seconds & SECONDS_MASK) << SECONDS_SHIFT) | Users.ownPid();
    }

    /// Has this closed when `end` is forgotten.
    ///
    /// @param kind `sender` or `receiver`
    Cleanable closeWhenForgotten(Object end, String kind) {
        return EndAccess.whenForgotten(end, () -> "the %s of %s".formatted(kind, queue),
                isClosed::get, this::close);
    }

    String name() {
        return name;
    }

    long id() {
        return id;
    }

    ZipcQueue queue() {
        return queue;
    }

    /// The end that users get, which `maker` makes; where it cannot, this is closed.
    <E extends ZipcEnd> E end(Supplier<E> maker) {
        boolean isDone = false;
        try {
            E end = maker.get();
            isDone = true;
            return end;
        } catch (RuntimeException | InternalError failure) {
            throw translate(failure);
        } finally {
            if (!isDone) {
                close();
            }
        }
    }

    /// Lets one thread in, until [#leave]: each end is one thread's at a time.
    ///
    /// @param verb what it is about to do there
    void enter(String verb) {
        if (!isInUse.compareAndSet(false, true)) {
            checkOpen();
            throw new IllegalStateException(
                    "another thread is at it: one thread at a time %s %s".formatted(verb, queue));
        }
        if (isClosed.get()) {
            leave();
            throw closed();
        }
    }

    void leave() {
        isInUse.setRelease(false); // partner of the compareAndSet of the next thread
        if (isClosed.get()) {
            unmapIfUnused(); // a close that found this thread asleep has left it to it
        }
    }

    /// Sleeps while the tail is `tail`, at most so long; the count of waiters says so meanwhile.
    /// For the receiver's thread, between [#enter] and [#leave].
    void await(int tail, long nanos) throws InterruptedException {
        isWaiting = true; // before the look at isClosed: close sets that, and looks at this afterwards
        try {
            checkOpen();
            sleep(tail, nanos);
            checkOpen();
        } finally {
            isWaiting = false;
        }
    }

    private void sleep(int tail, long nanos) throws InterruptedException {
        queue.setWaiting(true);
        try {
            wait.await(tail, nanos);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it stays one if the store below fails
        } finally {
            queue.setWaiting(false);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    void checkOpen() {
        if (isClosed.get()) {
            throw closed();
        }
    }

    private EndClosed closed() {
        return new EndClosed((isClosed.get() ? "this end of %s is closed: open the queue again"
                : "the arena of the memory of %s is closed: open the queue over other memory")
                .formatted(queue));
    }

    /// The exception for users: for one that a use of the memory or of its words has thrown.
    RuntimeException translate(Throwable failure) {
        try {
            queue.settle();
        } catch (InternalError _) { // of the same page as `failure`
        }
        return switch (failure) {
            case IpcException known -> known;
            case IllegalStateException _ when isClosed.get()
                    || !queue.memory().scope().isAlive() -> closed();
            case PosixException _ when isClosed.get() -> closed(); // a wake after the memory was gone
            case InternalError _ -> cut(failure); // what the JVM makes of a page that is gone
            case PosixException _ -> cut(failure); // of a futex: EFAULT
            case RuntimeException other -> other;
            case Error error -> throw error;
            default -> throw new IllegalArgumentException(failure);
        };
    }

    private ProtocolViolation cut(Throwable failure) {
        return new ProtocolViolation(
                "the memory of %s is not there any more: another process has cut its file: unlink it,"
                        .formatted(queue) + " and let both sides open it again",
                failure);
    }

    /// The bytes of the queue, for reading.
    MemorySegment memory() {
        return queue.memory().asReadOnly();
    }

    String dumpHex() {
        return dump(queue.layout().length());
    }

    String dumpQueueHex() {
        return dump(queue.layout().slotAt(0));
    }

    private String dump(long length) {
        checkOpen();
        try {
            String text = HexDump.of(queue.memory(), length);
            queue.settle();
            return text;
        } catch (RuntimeException | InternalError failure) {
            throw translate(failure);
        }
    }

    /// Ends a wait that runs, and unmaps the file. Any thread; after a call that has unmapped it,
    /// the others do nothing.
    ///
    /// A thread that no wake reaches, or that gets no processor, unmaps the file itself once it is
    /// out, in [#leave]: it sees `isClosed` there, which was set before [FutexWait#stop] saw it
    /// asleep.
    ///
    /// @throws IllegalStateException if native code is using the memory
    void close() {
        isClosed.set(true);
        if (wait.stop()) { // not under a thread that is asleep on it
            Deadline patience = Deadline.after(PATIENCE);
            while (isWaiting && !patience.isPast()) { // it has still to say that it waits no more
                Pause.of(PAUSE_NANOS);
            }
            if (!isWaiting) { // else it is a thread that gets no processor, and unmaps in `leave`
                unmap();
            }
        }
    }

    private void unmapIfUnused() {
        try {
            unmap();
        } catch (IllegalStateException _) { // native code is using it: the next close tries again
        }
    }

    private void unmap() {
        if (file != null) {
            file.close(this::wakeOnce);
        }
    }

    /// For a thread between a message and its wake, which finds no memory for the wake.
    private void wakeOnce() {
        try {
            queue.wake();
        } catch (PosixException _) { // another process has cut the file
        }
    }

    @Override
    public String toString() {
        return queue + (isClosed.get() ? ", closed" : "");
    }
}
