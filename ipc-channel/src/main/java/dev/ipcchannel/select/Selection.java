package dev.ipcchannel.select;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Selectable;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.wait.Guard;
import dev.ipcchannel.internal.wait.Sleeper;
import dev.ipcchannel.internal.wait.SpinBudget;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A wait on many receivers: it finds the members that may have something, and sleeps until one
/// has.
///
/// A parked member is watched by the kernel, in this selection's epoll; an active member is polled
/// directly. So a round costs only what the active members cost, however many are parked, and a
/// member with traffic remains active and needs no bell.
///
/// One thread at a time selects, between [#enter] and [#exit]; any thread may add and remove
/// members.
final class Selection implements Watcher.Watched {

    /// The number of rounds between two looks at the epoll, if no wait comes in between.
    private static final int ROUNDS_A_LOOK = 16;

    private static final int MOST_LOOKED_AT = 16; // active members, in a spin
    private static final int LOOKS_A_CLOCK = 64; // a look costs about a nanosecond, a clock read 20
    private static final long SPIN_NANOS = 20_000;
    private static final long PAUSE_NANOS = 50_000;
    private static final int ATTEMPTS = 1000; // to remove all members

    private final Guard guard = new Guard("this set of receivers");
    private final ConcurrentHashMap<Long, SetEntry> members = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable SetEntry> signalled = new AtomicReference<>(); // newest
    private final AtomicLong lastToken = new AtomicLong();
    private volatile @Nullable Sleeper waiting;
    private volatile boolean isClosed;
    private boolean isReleased; // guarded by the epoll's monitor, as are the sockets in it

    // The following fields are used by the selecting thread.
    private final SpinBudget spinBudget = new SpinBudget(SPIN_NANOS);
    private final PollSet pollSet = new PollSet();
    private final List<SetEntry> awake = new ArrayList<>();
    private final List<SetEntry> parkedForATime = new ArrayList<>(0); // parked for a limited time
    private int first; // the member that the next round begins with
    private int roundsSinceLook;
    private boolean hasLookedLast; // in this selection, after its deadline
    private @Nullable Long watch; // the watcher's token, once there is one
    private final Epoll epoll = new Epoll(); // last: nothing after it can fail

    /// Adds a receiver.
    ///
    /// @param joined gets the entry before anything else happens
    /// @throws LaneException if the receiver or this selection is closed
    /// @throws IllegalStateException if the receiver is in use or has an owner
    void join(Selectable member, Consumer<SetEntry> joined) {
        if (isClosed) {
            throw closed();
        }
        SetEntry entry = new SetEntry(this, member, lastToken.incrementAndGet());
        members.put(entry.token(), entry); // first: a notification may come at once
        try {
            member.join(entry); // also into the epoll, which throws if this is closed
        } catch (RuntimeException failure) {
            entry.end(); // it may be active by now
            members.remove(entry.token());
            throw failure;
        }
        joined.accept(entry);
        if (isClosed) { // meanwhile: the closing thread may not have seen this member
            leave(entry);
            return; // no failure: a message may have been taken from it
        }
        entry.signal(); // there may be messages, or an end
    }

    /// Removes a receiver, with the messages not yet taken. Waits for a codec that decodes one of
    /// its messages; a call by that codec is refused.
    void leave(SetEntry entry) {
        entry.member().leave(entry);
        members.remove(entry.token());
    }

    void watch(Descriptor socket, long token) {
        synchronized (epoll) {
            if (isReleased) {
                throw closed();
            }
            epoll.add(socket, Epoll.Interest.STATE, token);
        }
    }

    void unwatch(Descriptor socket) {
        synchronized (epoll) {
            if (!isReleased) {
                epoll.remove(socket);
            }
        }
    }

    /// Adds a notification to the list. Needs no room in the heap. An entry is in the list at most
    /// once.
    void signal(SetEntry entry) {
        SetEntry newest;
        do {
            newest = signalled.get();
            entry.setSignalledBefore(newest);
        } while (!signalled.compareAndSet(newest, entry));
        wakeup();
    }

    /// Takes the newest notification out of the list. Only the selecting thread takes any out, so
    /// an entry cannot leave and come back meanwhile (no ABA problem).
    private @Nullable SetEntry pop() {
        SetEntry newest = signalled.get();
        while (newest != null && !signalled.compareAndSet(newest, newest.signalledBefore())) {
            newest = signalled.get();
        }
        return newest;
    }

    /// Ends the present or the next wait of the selecting thread. Any thread may call it.
    void wakeup() {
        Sleeper current = waiting; // set before `signalled` and `isClosed` are read
        if (current != null) {
            current.wakeup();
        }
    }

    /// Starts a selection.
    ///
    /// @throws LaneException if this is closed
    /// @throws IllegalStateException if another thread selects
    void enter() {
        if (isClosed || !guard.enter(null)) {
            throw closed();
        }
        hasLookedLast = false;
    }

    /// Ends a selection.
    void exit() {
        if (isClosed) {
            try {
                release();
            } finally {
                guard.closeFromInside(); // else later closes would wait for this
            }
            return;
        }
        guard.exit();
        if (isClosed && guard.tryClose()) { // closed in between: one of the two threads releases
            release();
        }
    }

    /// A visit to a member in a round.
    interface Visit {

        /// Takes the messages that are there.
        ///
        /// @return whether there were any
        boolean of(SetEntry entry);
    }

    /// Visits each member that may have something, and begins with another one each time.
    void round(Visit visit) {
        if (awake.isEmpty() || (++roundsSinceLook >= ROUNDS_A_LOOK && isAnyParked())) {
            lookAtParked();
        }
        wakeSignalled();
        int count = awake.size();
        first = first + 1 < count ? first + 1 : 0;
        boolean doAllStay = true;
        for (int i = 0; i < count; i++) {
            SetEntry member = awake.get(first + i < count ? first + i : first + i - count);
            boolean hadSomething = !member.isOver() && visit.of(member);
            doAllStay &= member.endRound(hadSomething);
        }
        if (!doAllStay) {
            awake.removeIf(member -> !member.isAwake());
        }
    }

    /// Waits, after a round without messages, until another round may have some.
    ///
    /// @return false if the deadline came first
    /// @throws LaneException if this is closed meanwhile
    boolean await(Deadline deadline) throws InterruptedException {
        if (isClosed) {
            throw closed();
        }
        if (deadline.isPast()) {
            return lookALastTime();
        }
        if (spin(deadline) || !areAllParked()) {
            return true;
        }
        sleep(deadline);
        return true; // a round and a last look always follow
    }

    /// Looks at the epoll once after the deadline. Only once, since a flood of events that are not
    /// messages must not prolong the selection.
    private boolean lookALastTime() {
        if (hasLookedLast) {
            return false;
        }
        hasLookedLast = true;
        boolean hasEvents = lookAtParked();
        return wakeSignalled() || hasEvents;
    }

    /// Polls the active members for a while. It is inside their guards, so that no memory of theirs
    /// can be unmapped meanwhile.
    private boolean spin(Deadline deadline) {
        int count = awake.size();
        if (count == 0 || count > MOST_LOOKED_AT) {
            return false;
        }
        long nanos = spinBudget.next();
        if (nanos == 0) {
            return false;
        }
        int inside = 0;
        try {
            while (inside < count && awake.get(inside).member().enterSoon(awake.get(inside))) {
                inside++;
            }
            return inside < count || spin(nanos, deadline); // not entered: ended
        } finally {
            for (int i = 0; i < inside; i++) {
                awake.get(i).member().exit();
            }
        }
    }

    private boolean spin(long nanos, Deadline deadline) {
        long start = System.nanoTime();
        for (int looks = 1; !isAnyReady(); looks++) {
            if (looks == LOOKS_A_CLOCK && isAnyParked() && lookAtParked()) {
                break; // here the call delays no message, in a round it would
            }
            if (looks % LOOKS_A_CLOCK == 0 && (System.nanoTime() - start >= nanos
                    || deadline.isPast() || Thread.currentThread().isInterrupted())) {
                spinBudget.wasted();
                return false;
            }
            Thread.onSpinWait();
        }
        spinBudget.paid();
        return true;
    }

    /// Whether any member may be parked, so that the epoll may have events. Active members find
    /// their messages in their rings, or are notified by the watcher. A member that has just left
    /// may hide a parked one for one round.
    private boolean isAnyParked() {
        return awake.size() < members.size();
    }

    private boolean isAnyReady() {
        if (signalled.get() != null || isClosed) {
            return true;
        }
        for (SetEntry member : awake) {
            if (member.member().isReady()) {
                return true;
            }
        }
        return false;
    }

    private boolean areAllParked() {
        awake.removeIf(SetEntry::park);
        return awake.isEmpty();
    }

    private void sleep(Deadline latest) throws InterruptedException {
        Deadline deadline = latest;
        for (SetEntry member : parkedForATime) {
            deadline = deadline.earlier(member.parkedUntil());
        }
        Sleeper sleeper = Sleeper.borrow();
        waiting = sleeper; // before `signalled` and `isClosed` are read: see wakeup
        pollSet.clear();
        pollSet.add(epoll.descriptor(), PollSet.READABLE);
        try {
            if (sleeper.isNotified()) {
                askWatcher();
            }
            if (signalled.get() == null && !isClosed) {
                sleeper.await(pollSet, deadline);
            }
        } finally {
            waiting = null;
            sleeper.giveBack();
        }
    }

    private void askWatcher() {
        Long current = watch;
        if (current == null) {
            watch = Watcher.instance().watch(epoll.descriptor(), Epoll.Interest.NEXT_STATE, this);
            return;
        }
        Watcher.instance().change(epoll.descriptor(), Epoll.Interest.NEXT_STATE, current);
    }

    @Override
    public void onSignal(boolean isEnd) {
        Sleeper current = waiting;
        if (current != null) {
            current.signal();
        }
    }

    /// Activates the members whose sockets have events in the epoll.
    ///
    /// @return whether there were any
    private boolean lookAtParked() {
        roundsSinceLook = 0;
        boolean hasEvents = false;
        boolean mayBeMore = true;
        // The epoll reports an event again until it is read from the socket, so each is needed once
        // only.
        for (int looks = 0; mayBeMore && looks <= members.size() / Epoll.EVENTS; looks++) {
            int count = epoll.await(false);
            for (int i = 0; i < count; i++) {
                SetEntry member = members.get(epoll.token(i));
                if (member != null) {
                    member.member().signal(); // there is something on its socket
                    wake(member);
                    hasEvents = true;
                }
            }
            mayBeMore = count == Epoll.EVENTS;
        }
        return hasEvents;
    }

    /// Parks a member for a limited time, since a test delays its message.
    void parkForATime(SetEntry member) {
        parkedForATime.remove(member); // it may have been activated before its time
        parkedForATime.add(member);
    }

    private boolean wakeSignalled() {
        boolean hasEvents = parkedForATime.removeIf(member -> {
            boolean isTime = member.parkedUntil().isPast();
            if (isTime) {
                wake(member);
            }
            return isTime;
        });
        for (SetEntry member = pop(); member != null; member = pop()) {
            member.noteTaken(); // before the visit that follows
            boolean isAwake = false;
            try {
                wake(member);
                isAwake = true;
            } finally {
                if (!isAwake) {
                    member.signal(); // for the next round
                }
            }
            hasEvents = true;
        }
        return hasEvents;
    }

    private void wake(SetEntry member) {
        if (!member.isAwake()) {
            awake.add(member); // first: an active member not in the list is never visited
        }
        member.wake();
    }

    /// The number of members. Any thread may call it.
    int count() {
        return members.size();
    }

    /// Whether this is closed. Any thread may call it.
    boolean isClosed() {
        return isClosed;
    }

    /// Removes every member and closes this; a waiting thread is woken. If a codec in a selection
    /// calls it, it takes effect when that selection ends.
    void close() {
        isClosed = true;
        if (guard.isInside()) {
            return;
        }
        while (!guard.isClosed()) {
            if (guard.tryClose()) {
                release();
                return;
            }
            wakeup();
            Pause.of(PAUSE_NANOS);
        }
    }

    private void release() {
        try {
            letAllGo();
        } finally {
            closeEpoll();
        }
    }

    /// Removes all members. A member left here would belong to this set for ever, so a lack of heap
    /// is retried.
    private void letAllGo() {
        for (int attempt = 1; !members.isEmpty(); attempt++) {
            try {
                for (SetEntry member : members.values()) {
                    leave(member);
                }
            } catch (OutOfMemoryError failure) {
                if (attempt == ATTEMPTS) {
                    throw failure;
                }
                Pause.of(PAUSE_NANOS);
            }
        }
    }

    private void closeEpoll() {
        try {
            Long current = watch;
            if (current != null) {
                Watcher.instance().unwatch(epoll.descriptor(), current);
            }
        } finally {
            synchronized (epoll) {
                isReleased = true;
                epoll.close();
            }
        }
    }

    private static LaneException closed() {
        return new LaneException(LaneException.Kind.CLOSED, "this set of receivers was closed");
    }
}
