package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Notice;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The role of a member that gives signals and hears those of all others of its name, which play
/// the same one: each gives each other a way in.
final class Hearers implements Role {

    private static final String WORD = "member";

    private final Share wayIn; // kept open, so that the receiver does not end while no other is there
    private final Codec<Pulse> codec;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Counterpart, Hearer> present = new HashMap<>(); // these inside the lock
    private boolean isOver;

    Hearers(Share wayIn, Codec<Pulse> codec) {
        this.wayIn = wayIn;
        this.codec = codec;
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public String counterpartWord() {
        return WORD;
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return Opening.isOffered(wayIn, transfer);
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        Hearer hearer;
        try {
            hearer = new Hearer(EndAccess.sender(
                    Outbox.importFrom(offered, new Peer(counterpart.pid())).share(), codec));
        } catch (LaneException refused) {
            return Opening.refusal(refused);
        }
        if (!add(counterpart, hearer)) {
            long _ = hearer.close();
            return ENDS;
        }
        return null;
    }

    private boolean add(Counterpart counterpart, Hearer hearer) {
        lock.lock();
        try {
            if (!isOver) {
                present.put(counterpart, hearer);
                changed.signalAll();
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void met(Counterpart counterpart) {
        // It hears already.
    }

    @Override
    public void hear(Counterpart counterpart, Notice notice) {
        Descriptor file = notice.file(); // another one has nothing to say
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void part(Counterpart counterpart) {
        Hearer hearer;
        lock.lock();
        try {
            hearer = present.remove(counterpart);
        } finally {
            lock.unlock();
        }
        if (hearer != null) {
            long _ = hearer.close(); // what it has not heard, it never will
        }
    }

    /// Those that are there.
    List<Hearer> present() {
        lock.lock();
        try {
            return List.copyOf(present.values());
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many others are there.
    ///
    /// @return false if the deadline came first, or this end is closed
    boolean awaitPresent(int count, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (present.size() < count) {
                if (isOver || deadline.isPast()) {
                    return false;
                }
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody hear anything more.
    ///
    /// @return how many signals have found no room
    long end() {
        List<Hearer> last;
        lock.lock();
        try {
            isOver = true;
            last = List.copyOf(present.values());
            present.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return last.stream().mapToLong(Hearer::close).sum();
    }
}
