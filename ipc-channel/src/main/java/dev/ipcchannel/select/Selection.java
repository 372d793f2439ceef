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

/// A wait on many receivers: which of them may have something, and a sleep until one has.
///
/// Members at rest are the kernel's to watch, in an epoll of this selection's own; those awake are
/// looked at directly. So a round costs what the awake ones cost, however many rest, and a member
/// with traffic stays awake and needs no bell.
///
/// One thread at a time selects, between [#enter] and [#exit]; members join and leave from any.
final class Selection implements Watcher.Watched {

    /// Rounds between two looks at those that rest, where a wait leaves no time for one.
    private static final int ROUNDS_A_LOOK = 16;

    private static final int MOST_LOOKED_AT = 16; // awake members, in a spin
    private static final int LOOKS_A_CLOCK = 64; // a look costs about a nanosecond, the clock 20
    private static final long SPIN_NANOS = 20_000;
    private static final long PAUSE_NANOS = 50_000;
    private static final int ATTEMPTS = 1000; // to let members go

    private final Guard guard = new Guard("this set of receivers");
    private final ConcurrentHashMap<Long, SetEntry> members = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable SetEntry> told = new AtomicReference<>(); // the newest
    private final AtomicLong lastToken = new AtomicLong();
    private volatile @Nullable Sleeper waiting;
    private volatile boolean isClosed;
    private boolean isReleased; // guarded by the epoll's monitor: members' sockets come and go

    // Used by the thread that selects.
    private final SpinBudget spinBudget = new SpinBudget(SPIN_NANOS);
    private final PollSet pollSet = new PollSet();
    private final List<SetEntry> awake = new ArrayList<>();
    private final List<SetEntry> dozing = new ArrayList<>(0); // at rest, but for a limited time
    private int first; // where the next round begins
    private int roundsSinceLook;
    private boolean hasLookedLast; // in this selection, whose time is over
    private @Nullable Long watch; // the watcher's token, once it was asked
    private final Epoll epoll = new Epoll(); // last: nothing that may fail comes after it

    /// Takes a receiver in.
    ///
    /// @param joined is told of the entry before anything else
    /// @throws LaneException if the receiver or this selection is closed
    /// @throws IllegalStateException if the receiver is in use or has an owner
    void join(Selectable member, Consumer<SetEntry> joined) {
        if (isClosed) {
            throw closed();
        }
        SetEntry entry = new SetEntry(this, member, lastToken.incrementAndGet());
        members.put(entry.token(), entry); // first: the news may come at once
        try {
            member.join(entry); // also into the epoll, which says if this is closed
        } catch (RuntimeException failure) {
            entry.end(); // it may be among the awake by now
            members.remove(entry.token());
            throw failure;
        }
        joined.accept(entry);
        if (isClosed) { // meanwhile: whoever closed may not have seen this member
            leave(entry);
            return; // it was in: a message may have been taken from it
        }
        entry.tell(); // there may be messages, or an end
    }

    /// Lets a receiver go, with whatever has not been taken from it. Waits for a codec that decodes
    /// a message of it; called by that codec, it is refused.
    void leave(SetEntry entry) {
        entry.member().leave(entry);
        members.remove(entry.token());
    }

    void hear(Descriptor socket, long token) {
        synchronized (epoll) {
            if (isReleased) {
                throw closed();
            }
            epoll.add(socket, Epoll.Interest.STATE, token);
        }
    }

    void hearNoMore(Descriptor socket) {
        synchronized (epoll) {
            if (!isReleased) {
                epoll.remove(socket);
            }
        }
    }

    /// Needs no room in the heap. From each member once, until that has been heard.
    void tell(SetEntry entry) {
        SetEntry newest;
        do {
            newest = told.get();
            entry.setToldBefore(newest);
        } while (!told.compareAndSet(newest, entry));
        wakeup();
    }

    /// By the thread that selects, which alone takes any out: so none can go and come meanwhile.
    private @Nullable SetEntry pop() {
        SetEntry newest = told.get();
        while (newest != null && !told.compareAndSet(newest, newest.toldBefore())) {
            newest = told.get();
        }
        return newest;
    }

    /// Ends the wait of the thread that selects, or the next one. Any thread.
    void wakeup() {
        Sleeper current = waiting; // set before "told" and "isClosed" are looked at
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
                guard.closeFromInside(); // else every later close would wait for this thread
            }
            return;
        }
        guard.exit();
        if (isClosed && guard.tryClose()) { // closed in between: one of the two sees to it
            release();
        }
    }

    /// The visit of a member in a round.
    interface Visit {

        /// Takes what is there.
        ///
        /// @return whether there was anything
        boolean of(SetEntry entry);
    }

    /// Has each member visited that may have something, the first of them another one each time.
    void round(Visit visit) {
        if (awake.isEmpty() || (++roundsSinceLook >= ROUNDS_A_LOOK && doesAnyRest())) {
            lookAtTheResting();
        }
        wakeTheTold();
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

    /// Waits, after a round with nothing in it, until another one may have something.
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
        if (spin(deadline) || !allRest()) {
            return true;
        }
        sleep(deadline);
        return true; // a round and a last look follow in any case
    }

    /// Once a selection: a flood of what is no message must not keep it here.
    private boolean lookALastTime() {
        if (hasLookedLast) {
            return false;
        }
        hasLookedLast = true;
        boolean hasNews = lookAtTheResting();
        return wakeTheTold() || hasNews;
    }

    /// Looks at the awake ones for a while, from inside: nothing of theirs can go meanwhile.
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
            return inside < count || spin(nanos, deadline); // who cannot be entered has ended
        } finally {
            for (int i = 0; i < inside; i++) {
                awake.get(i).member().exit();
            }
        }
    }

    private boolean spin(long nanos, Deadline deadline) {
        long start = System.nanoTime();
        for (int looks = 1; !isAnyReady(); looks++) {
            if (looks == LOOKS_A_CLOCK && doesAnyRest() && lookAtTheResting()) {
                break; // here the call costs nobody time, in a round it does
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

    /// Whether the kernel could have news. What comes to the sockets of those awake is in their
    /// rings, or the watcher tells of it. One that has left may hide one that rests, for a round.
    private boolean doesAnyRest() {
        return awake.size() < members.size();
    }

    private boolean isAnyReady() {
        if (told.get() != null || isClosed) {
            return true;
        }
        for (SetEntry member : awake) {
            if (member.member().isReady()) {
                return true;
            }
        }
        return false;
    }

    private boolean allRest() {
        awake.removeIf(SetEntry::rest);
        return awake.isEmpty();
    }

    private void sleep(Deadline latest) throws InterruptedException {
        Deadline deadline = latest;
        for (SetEntry member : dozing) {
            deadline = deadline.earlier(member.restsUntil());
        }
        Sleeper sleeper = Sleeper.borrow();
        waiting = sleeper; // before "told" and "isClosed" are looked at: see wakeup
        pollSet.clear();
        pollSet.add(epoll.descriptor(), PollSet.READABLE);
        try {
            if (sleeper.isTold()) {
                askWatcher();
            }
            if (told.get() == null && !isClosed) {
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
            current.tell();
        }
    }

    /// Wakes those at rest that the kernel has news of; those awake look at theirs.
    ///
    /// @return whether there is any news
    private boolean lookAtTheResting() {
        roundsSinceLook = 0;
        boolean hasNews = false;
        boolean mayBeMore = true;
        // What has been told is told again until it is taken off the socket: once is enough.
        for (int looks = 0; mayBeMore && looks <= members.size() / Epoll.EVENTS; looks++) {
            int count = epoll.await(false);
            for (int i = 0; i < count; i++) {
                SetEntry member = members.get(epoll.token(i));
                if (member != null) {
                    member.member().signal(); // there is something on a socket
                    wake(member);
                    hasNews = true;
                }
            }
            mayBeMore = count == Epoll.EVENTS;
        }
        return hasNews;
    }

    /// A member goes to rest with a message that a test holds back.
    void doze(SetEntry member) {
        dozing.remove(member); // it may have been woken before its time
        dozing.add(member);
    }

    private boolean wakeTheTold() {
        boolean hasNews = dozing.removeIf(member -> {
            boolean isTime = member.restsUntil().isPast();
            if (isTime) {
                wake(member);
            }
            return isTime;
        });
        for (SetEntry member = pop(); member != null; member = pop()) {
            member.heard(); // before the look that follows
            boolean isAwake = false;
            try {
                wake(member);
                isAwake = true;
            } finally {
                if (!isAwake) {
                    member.tell(); // for the next round
                }
            }
            hasNews = true;
        }
        return hasNews;
    }

    private void wake(SetEntry member) {
        if (!member.isAwake()) {
            awake.add(member); // first: one that is awake and not among them would never be seen
        }
        member.wake();
    }

    /// How many members there are. Any thread.
    int count() {
        return members.size();
    }

    /// Whether this is closed. Any thread.
    boolean isClosed() {
        return isClosed;
    }

    /// Lets every member go and ends this; a thread that waits in it is woken. Called by a codec
    /// that a selection runs, it takes effect when that selection ends.
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

    /// A member that stayed would be this set's for ever: a heap that is full is asked again.
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
