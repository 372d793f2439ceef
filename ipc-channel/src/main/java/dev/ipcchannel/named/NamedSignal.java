package dev.ipcchannel.named;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.lane.Ends;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Pause;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Signals by name: numbers without a message, which all others hear that have the name open then,
/// wherever they run.
///
/// ```java
/// try (var reload = NamedSignal.open("reload")) { // in one process
///     while (true) {
///         reload.await(PRICES);
///         readPrices();
///     }
/// }
///
/// try (var reload = NamedSignal.open("reload")) { // in another
///     reload.signal(PRICES);
/// }
/// ```
///
/// A signal never waits for those that hear it, and none is lost: each member counts what came of
/// each id, and for one that is stopped or slow the others count. A signal that nobody hears is no
/// error, and is not kept for those that come later. A member does not hear itself; two of one
/// process hear each other. Between signals of different ids there is no order.
///
/// Any thread may use it. It is open until it is closed, or its process ends.
public final class NamedSignal implements AutoCloseable {

    /// The greatest id.
    public static final int MAX_ID = 65_535;

    private static final String CLOSED = "this signal was closed";
    private static final Codec<Pulse> CODEC = Codec.of(Pulse.class);
    private static final ChannelOptions OPTIONS = ChannelOptions.defaults().withCapacity(16_384);
    private static final long PAUSE_NANOS = 20_000_000; // for want of memory or descriptors

    private final Ends ends;
    private final Receiver<Pulse> receiver;
    private final Hearers hearers;
    private final Member member;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SignalCounts heard = new SignalCounts(); // these inside the lock
    private boolean isClosed;

    private NamedSignal(String name) throws InterruptedException {
        this.ends = Ends.open(EndAccess.settings(OPTIONS, CODEC));
        this.hearers = new Hearers(ends.share(), CODEC);
        Member opened = null;
        try {
            ends.inbox().pin("the receiver of signals by name stays where it was opened");
            this.receiver = EndAccess.receiver(ends.inbox(), CODEC);
            opened = Opening.member(NameKind.SIGNAL, name, CODEC, hearers);
            this.member = opened;
        } finally {
            if (opened == null) {
                long _ = hearers.end();
                ends.close();
            }
        }
    }

    /// Opens a name. Waits for the others of that name, for two seconds at most: what they signal
    /// once this has returned is heard here, and the other way round.
    ///
    /// @throws IllegalArgumentException if the name is none (1 to 200 bytes of UTF-8, without `/`
    /// and control characters)
    /// @throws TimedOut if another process, which is stopped, holds the name
    /// @throws dev.ipcchannel.HandshakeFailed if it is open in a process with another version
    /// @throws dev.ipcchannel.ResourceExhausted if there is no directory to meet in, or descriptors
    /// have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is opened
    public static NamedSignal open(String name) throws InterruptedException {
        Opening.check(name);
        try {
            NamedSignal signal = new NamedSignal(name);
            Thread _ = Thread.ofVirtual().name("ipc-channel signals").start(signal::hearAll);
            return signal;
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure);
        }
    }

    private void hearAll() {
        try {
            while (true) {
                hearOne();
            }
        } catch (EndClosed | Disconnected _) {
            // it was closed: nobody asks any more
        } catch (InterruptedException impossible) { // nobody has this thread
            Thread.currentThread().interrupt();
        }
    }

    private void hearOne() throws InterruptedException {
        try {
            hear(receiver.receive());
        } catch (EndClosed | Disconnected closed) {
            throw closed;
        } catch (IpcException failure) { // of one of them
            Log.warningOfPeer("a signal of another process cannot be read", failure);
            Pause.of(PAUSE_NANOS);
        }
    }

    private void hear(Pulse pulse) {
        if (pulse.id() < 0 || pulse.id() > MAX_ID || pulse.count() < 1) {
            Log.warning("a signal of another process is none", pulse.toString());
            return;
        }
        lock.lock();
        try {
            heard.add(pulse);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Its name.
    public String name() {
        return member.name();
    }

    /// Signals once to all others that have the name open now. Never waits.
    ///
    /// @param id which signal it is, from 0 to [#MAX_ID]
    /// @throws IllegalArgumentException if the id is none
    /// @throws EndClosed if this is closed
    public void signal(int id) {
        check(id);
        lock.lock();
        try {
            checkOpen();
        } finally {
            lock.unlock();
        }
        Pulse pulse = new Pulse(id, 1);
        hearers.present().forEach(hearer -> hearer.signal(pulse));
    }

    /// Waits for a signal. Of several threads that wait for one id, one gets what has come.
    ///
    /// @param id which signal it is, from 0 to [#MAX_ID]
    /// @return how often it came since the last `await` of this id, or the opening: at least once
    /// @throws IllegalArgumentException if the id is none
    /// @throws EndClosed if this is closed, before or while it waits
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
    public long await(int id) throws InterruptedException {
        return await(id, Deadline.NEVER);
    }

    /// Waits for a signal no longer than `timeout`; not at all if that is zero. Throws what
    /// [#await(int)] throws.
    ///
    /// @throws TimedOut if none came in time
    public long await(int id, Duration timeout) throws InterruptedException {
        long count = await(id, EndAccess.deadline(timeout));
        if (count == 0) {
            throw new TimedOut("no signal came within the time given: name=%s, id=%d, timeout=%s%s"
                    .formatted(name(), id, ShownTime.of(timeout),
                            listenerCount() > 0 ? "" : ": " + member.whereabouts()));
        }
        return count;
    }

    /// @return 0 if the deadline came first
    private long await(int id, Deadline deadline) throws InterruptedException {
        check(id);
        lock.lockInterruptibly();
        try {
            checkOpen();
            long count = heard.take(id);
            while (count == 0 && !deadline.isPast()) {
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
                checkOpen();
                count = heard.take(id);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    private static void check(int id) {
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("a signal has an id from 0 to %d: id=%d"
                    .formatted(MAX_ID, id));
        }
    }

    private void checkOpen() {
        if (isClosed) {
            throw new EndClosed(CLOSED);
        }
    }

    /// How many others hear a signal that is given now. It may change a moment later.
    public int listenerCount() {
        return hearers.present().size();
    }

    /// Waits until so many others are there at once, which hear what is signalled then.
    ///
    /// @throws TimedOut if there were not in time
    /// @throws EndClosed if this is closed meanwhile
    public void waitForListeners(int count, Duration timeout) throws InterruptedException {
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: count=" + count);
        }
        if (!member.isSoBy(EndAccess.deadline(timeout),
                end -> hearers.awaitPresent(count, end))) {
            lock.lock();
            try {
                checkOpen();
            } finally {
                lock.unlock();
            }
            throw new TimedOut(("there are too few listeners within the time given: name=%s,"
                    + " wanted=%d, there=%d, timeout=%s: %s").formatted(name(), count,
                            listenerCount(), ShownTime.of(timeout), member.whereabouts()));
        }
    }

    /// Closes it; threads that wait in it are woken with [EndClosed]. What others have no room for
    /// by then, since they are stopped, is lost, and logged. The second and later closes do
    /// nothing.
    @Override
    public void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            member.close();
        } finally {
            long lost = hearers.end();
            ends.share().end(CLOSED);
            receiver.close();
            if (lost > 0) {
                Log.warning("signals are lost, since those that were to hear them had no room",
                        "name=%s, signals=%d".formatted(name(), lost));
            }
        }
    }

    @Override
    public String toString() {
        return "NamedSignal[%s, listeners=%d]".formatted(name(), listenerCount());
    }
}
