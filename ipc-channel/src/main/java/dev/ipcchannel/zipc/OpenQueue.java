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

/// An open queue: its memory, the check that one thread at a time uses it, and its close.
///
/// It has no reference to the public end, which the collector may find forgotten; then this object
/// is closed.
final class OpenQueue {

    private static final long SECONDS_MASK = 0xFFFF_FFFFL;
    private static final int SECONDS_SHIFT = 16;
    private static final Duration PATIENCE = Duration.ofMillis(100); // for a waiting thread
    private static final long PAUSE_NANOS = 20_000; // between two looks at a stopped wait

    private final String name;
    private final long id;
    private final ZipcQueue queue;
    private final @Nullable NamedMemory file; // null if the memory is the caller's
    private final FutexWait wait;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean isInUse = new AtomicBoolean();
    private volatile boolean isWaiting; // as the count of waiters shows

    private OpenQueue(String name, long id, ZipcQueue queue, @Nullable NamedMemory file) {
        this.name = name;
        this.id = id;
        this.queue = queue;
        this.file = file;
        this.wait = new FutexWait(queue.tailAddress());
    }

    /// Opens the queue of that name. Makes its file if it is missing.
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

    /// Opens a queue in memory that belongs to the caller.
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

    /// The number of an end, made as in zipc of the time of the opening and the process number.
    private static long ownId() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        return ((seconds & SECONDS_MASK) << SECONDS_SHIFT) | Users.ownPid();
    }

    /// Registers this to be closed when `end` is forgotten.
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

    /// The public end, made by `maker`. If that fails, this queue is closed.
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

    /// Enters as the only thread, until [#leave].
    ///
    /// @param verb what the thread is about to do, for error texts
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
            unmapIfUnused(); // a close that could not wait leaves this to the thread
        }
    }

    /// Sleeps while the tail is `tail`, at most `nanos`. Meanwhile the count of waiters shows it.
    /// Called by the receiver's thread, between [#enter] and [#leave].
    void await(int tail, long nanos) throws InterruptedException {
        isWaiting = true; // before isClosed is read; close sets that, then reads this
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
            Thread.currentThread().interrupt(); // kept if the store below fails
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

    /// The public exception for one that an access to the memory has thrown.
    RuntimeException translate(Throwable failure) {
        try {
            queue.settle();
        } catch (InternalError _) { // the fault that `failure` is about
        }
        return switch (failure) {
            case IpcException known -> known;
            case IllegalStateException _ when isClosed.get()
                    || !queue.memory().scope().isAlive() -> closed();
            case PosixException _ when isClosed.get() -> closed(); // a wake after the unmapping
            case InternalError _ -> cut(failure); // the JVM's error for a missing page
            case PosixException _ -> cut(failure); // EFAULT of a futex call
            case RuntimeException other -> other;
            case Error error -> throw error;
            default -> throw new IllegalArgumentException(failure);
        };
    }

    private ProtocolViolation cut(Throwable failure) {
        return new ProtocolViolation(
                ("the memory of %s is not there any more: another process has cut its file: unlink"
                        + " it,")
                        .formatted(queue) + " and let both sides open it again",
                failure);
    }

    /// The bytes of the queue, read-only.
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

    /// Ends a running wait and unmaps the file. Any thread may call it; once a call has unmapped
    /// the file, later calls do nothing.
    ///
    /// A waiting thread that no wake reaches, or that gets no processor time, unmaps the file
    /// itself in [#leave]: it sees `isClosed` there, which was set before [FutexWait#stop] saw the
    /// thread asleep.
    ///
    /// @throws IllegalStateException if native code is using the memory
    void close() {
        isClosed.set(true);
        if (wait.stop()) { // not while a thread sleeps on it
            Deadline patience = Deadline.after(PATIENCE);
            while (isWaiting && !patience.isPast()) { // its last store is still to come
                Pause.of(PAUSE_NANOS);
            }
            if (!isWaiting) { // else that thread unmaps in `leave`
                unmap();
            }
        }
    }

    private void unmapIfUnused() {
        try {
            unmap();
        } catch (IllegalStateException _) { // native code uses it: the next close tries again
        }
    }

    private void unmap() {
        if (file != null) {
            file.close(this::wakeOnce);
        }
    }

    /// Wakes a receiver, in place of a sending thread that is between its message and its wake and
    /// would find the memory gone.
    private void wakeOnce() {
        try {
            queue.wake();
        } catch (PosixException _) { // another process has truncated the file
        }
    }

    @Override
    public String toString() {
        return queue + (isClosed.get() ? ", closed" : "");
    }
}
