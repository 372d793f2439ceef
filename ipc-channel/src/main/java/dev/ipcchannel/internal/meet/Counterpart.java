package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Approach.Way;
import dev.ipcchannel.internal.meet.NameLock.Found;
import dev.ipcchannel.internal.posix.Backoff;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wait.Watcher;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A connection of a [Member] with one of the other role: greeted, then kept until one of the two
/// is gone.
///
/// The thread on which this process meets others reads it. Any thread may say something there or
/// close it.
public final class Counterpart implements Watcher.Watched {

    private enum Stage {
        /// It has connected, and has said nothing.
        SILENT,
        /// We have connected and greeted it.
        GREETED,
        /// The connection that we have made has ended too soon: it is about to be met again.
        PARTED,
        /// It is taken up.
        MET,
        OVER
    }

    /// A connection that has held so long was a good one: the next is tried at once.
    private static final long GOOD_NANOS = 10_000_000_000L;

    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;

    private final Member member;
    private final Descriptor connection;
    private final Long token = MeetingThread.thread().newToken();
    private final ReentrantLock lock = new ReentrantLock(); // of the connection's close
    private volatile Stage stage;
    private volatile long id;
    private volatile long pid;
    private volatile @Nullable Found found; // where we have connected, or once it is met
    private final @Nullable Way way; // by which we have connected
    private long since; // when it was met; by the thread that meets others
    private boolean isRefused; // read and written by the thread that meets others
    private boolean isWatched; // these inside the lock
    private boolean isClosed;
    private @Nullable Notice unsaid; // for want of room: the latest word alone
    private boolean isRetried; // a thread waits for room for it

    private Counterpart(Member member, Descriptor connection, @Nullable Way way) {
        this.way = way;
        this.found = way == null ? null : way.found();
        Found found = this.found;
        Entry entry = found == null ? null : found.entry();
        this.member = member;
        this.connection = connection;
        this.stage = found == null ? Stage.SILENT : Stage.GREETED;
        this.id = found == null ? 0 : found.number();
        this.pid = entry == null ? 0 : entry.pid();
    }

    /// One that has connected. Takes the connection over.
    static Counterpart accepted(Member member, Descriptor connection) {
        return new Counterpart(member, connection, null);
    }

    /// One that we have connected to. Takes the connection over.
    ///
    /// @param way by which it is met again where that ends too soon
    static Counterpart connected(Member member, Descriptor connection, Way way) {
        return new Counterpart(member, connection, way);
    }

    /// The process of it, as it sees itself; 0 before it is known.
    public long pid() {
        return pid;
    }

    /// What people know that process by; empty before it is known, and where nothing is.
    public String program() {
        Found there = found;
        Entry entry = there == null ? null : there.entry();
        return entry == null ? "" : entry.program();
    }

    /// What its entry said when it was met; null before that, and if there was none.
    @Nullable
    Found found() {
        return found;
    }

    /// The number of the member, the same each time it is met; 0 before it is known.
    public long id() {
        return id;
    }

    /// Notes the number of the member.
    void identify(long number) {
        id = number;
    }

    /// Whether it has the name open still, as far as its entry shows. Asks the file system.
    public boolean isAlive() {
        return member.isAlive(id);
    }

    boolean isMet() {
        return stage == Stage.MET;
    }

    boolean isSilent() {
        return stage == Stage.SILENT;
    }

    /// Whether our greeting has no answer yet.
    boolean isAwaited() {
        return stage == Stage.GREETED;
    }

    /// Whether it is yet to be met, by this connection or by another.
    boolean isPending() {
        return stage == Stage.GREETED || stage == Stage.PARTED;
    }

    /// Whether its connection is over.
    boolean isLost() {
        return stage == Stage.PARTED || stage == Stage.OVER;
    }

    /// Greets where we have connected, and reads from now on.
    ///
    /// @return false if it has hung up, or nobody is greeted any more
    boolean start() {
        if (stage == Stage.GREETED && !say(Greeting.HELLO)) {
            return false;
        }
        lock.lock();
        try {
            if (!isClosed) {
                MeetingThread.thread().watch(connection, Epoll.Interest.ARRIVALS, this, token);
                isWatched = true;
            }
        } finally {
            lock.unlock();
        }
        return true;
    }

    /// @return false if it has hung up, or nobody is greeted any more
    private boolean say(int kind) {
        Transfer transfer = new Transfer();
        try {
            if (!member.role().offer(this, transfer)) {
                return false;
            }
            Packet.Sending sending = send(kind, transfer);
            if (sending != Packet.Sending.SENT && sending != Packet.Sending.GONE) {
                throw new MeetingException(MeetingException.Kind.EXHAUSTED,
                        "a member of this name could not be greeted (%s): name=%s, pid=%d"
                                .formatted(sending, member.name(), pid));
            }
            return sending == Packet.Sending.SENT;
        } finally {
            transfer.descriptors().forEach(Sockets::leave); // duplicates
        }
    }

    private Packet.Sending send(int kind, Transfer transfer) {
        lock.lock();
        try {
            return isClosed ? Packet.Sending.GONE
                    : Greeting.send(connection, kind, member.number(), member.pid(), transfer);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onSignal(boolean isEnd) {
        try {
            int count = 0;
            while (!isLost() && read()) { // until nothing is left, or it is the turn of others
                count++;
                if (count == MeetingThread.MAX_AT_ONCE) {
                    readLater();
                    break;
                }
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            Log.warningOfPeer("a process that met this one by name is cut off", failure);
            over();
            return;
        }
        if (isLost()) {
            over(); // unless it was: there may have been no memory for that
        }
    }

    private void readLater() {
        lock.lock();
        try {
            if (isWatched && !isClosed) {
                MeetingThread.thread().change(connection, Epoll.Interest.ARRIVALS, token);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean read() {
        try (Packet packet = new Packet()) {
            return switch (receive(packet)) {
                case NOTHING -> false;
                case END -> {
                    over();
                    yield false;
                }
                case PACKET -> take(packet);
            };
        }
    }

    /// Under the lock: the number of a closed descriptor may be another's.
    private Packet.Receiving receive(Packet packet) {
        lock.lock();
        try {
            return isClosed ? Packet.Receiving.NOTHING : packet.receive(connection);
        } finally {
            lock.unlock();
        }
    }

    /// @return whether to go on
    private boolean take(Packet packet) {
        if (packet.hasLostDescriptors()) {
            return isPassedOver();
        }
        return switch (stage) {
            case SILENT -> Greeting.is(packet, Greeting.HELLO) ? meet(packet, true)
                    : refuse("it expects a member of a name to greet it");
            case GREETED -> {
                String refusal = Greeting.refusal(packet);
                if (refusal != null) {
                    isRefused = true;
                    member.refused(this, refusal);
                }
                yield (refusal == null && Greeting.is(packet, Greeting.WELCOME))
                        ? meet(packet, false) : ended();
            }
            case MET -> {
                Notice notice = Greeting.notice(packet);
                if (notice == null) {
                    yield ended();
                }
                if (notice.kind() == Notice.Kind.LEAVE) {
                    stage = Stage.OVER; // it means to: it is not met again
                    yield ended();
                }
                member.role().notice(this, notice);
                yield true;
            }
            case PARTED, OVER -> false;
        };
    }

    /// What could not be taken up for want of descriptors: of a member that is met a word, without
    /// which both go on; of others the greeting, which is tried again.
    private boolean isPassedOver() {
        Log.warning("a word of another process by name could not be taken up, since this one may"
                + " open no more descriptors: raise ulimit -n",
                "name=%s, pid=%d".formatted(member.name(), pid));
        return stage == Stage.MET || ended();
    }

    private boolean meet(Packet packet, boolean isAnswered) {
        if (Greeting.version(packet) != Greeting.VERSION) {
            return refuse("it speaks another version: version=%d, there=%d: use the same on both"
                    .formatted(Greeting.VERSION, Greeting.version(packet)) + " sides");
        }
        if (!member.isOnly(this, Greeting.member(packet))) {
            return refuse(Greeting.NO_REASON);
        }
        pid = Greeting.pid(packet);
        if (isAnswered) {
            found = member.find(id);
        }
        Transfer offered = Greeting.transfer(packet);
        boolean isTaken = false;
        try {
            String refusal = member.role().takeUp(this, offered);
            isTaken = refusal == null;
            if (refusal != null) {
                return refuse(refusal);
            }
        } finally {
            if (isTaken) {
                offered.closeUnread(); // not what its role expects
            } else {
                Descriptor.closeAll(offered.descriptors());
            }
        }
        stage = Stage.MET;
        since = System.nanoTime();
        if (isAnswered && !say(Greeting.WELCOME)) {
            return ended();
        }
        member.met(this);
        return true;
    }

    private boolean refuse(String reason) {
        lock.lock();
        try {
            if (!isClosed) {
                Greeting.refuse(connection, reason);
            }
        } finally {
            lock.unlock();
        }
        return ended();
    }

    private boolean ended() {
        over();
        return false;
    }

    /// Where there is no memory for it, the kernel tells of the connection's end again, and it is
    /// tried again: each step may be taken twice.
    private void over() {
        try {
            meetAgain(); // first: an opener returns once nothing is pending
            stage = Stage.OVER;
            if (!isClosed()) {
                member.over(this);
            }
        } catch (OutOfMemoryError lack) {
            Log.warningOfPeer("a process that met this one by name is not let go yet", lack);
            beToldAgain();
            return;
        } catch (RuntimeException failure) {
            boolean _ = close();
            throw failure;
        }
        boolean _ = close(); // last: a counterpart that leaves waits for it
    }

    /// A connection that has ended without a word, while both live, is made anew, by the one that
    /// has made it.
    private void meetAgain() {
        Way mine = way;
        boolean isWanted = stage == Stage.PARTED || stage == Stage.MET
                || (stage == Stage.GREETED && !isRefused);
        if (mine != null && isWanted && !member.isWithdrawn()) {
            boolean isGood = stage == Stage.MET && System.nanoTime() - since > GOOD_NANOS;
            stage = Stage.PARTED;
            cut(); // then: the other side is to see its end before another one
            member.meetLater(mine, isGood);
        }
    }

    private void beToldAgain() {
        Pause.of(FIRST_PAUSE_NANOS); // whoever this keeps waiting lacks memory as well
        lock.lock();
        try {
            if (!isClosed && isWatched) {
                Sockets.shutdown(connection);
                MeetingThread.thread().change(connection, Epoll.Interest.ARRIVALS, token);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    /// Says something, now or as soon as there is room. Never waits. A word is about a state: what
    /// was not said yet is not said any more, but for a [Notice.Kind#LEAVE], which is the last one.
    ///
    /// @param notice its file stays the caller's, and open until another word has been given or the
    /// connection has ended
    public void send(Notice notice) {
        lock.lock();
        try {
            Notice earlier = unsaid;
            if (earlier == null || earlier.kind() != Notice.Kind.LEAVE) {
                unsaid = null; // where this fails, nothing is kept
                sayOrKeep(notice);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Inside the lock.
    private void sayOrKeep(Notice notice) {
        if (isClosed || isSaid(notice)) {
            return;
        }
        if (!isRetried) { // by a thread, since nothing signals room for a descriptor
            Thread _ = Thread.ofVirtual().name("ipc-channel notice").start(this::retryUntilSaid);
            isRetried = true;
        }
        unsaid = notice;
    }

    /// Where the other one is gone, its end says enough.
    private boolean isSaid(Notice notice) {
        return switch (Greeting.send(connection, notice)) {
            case SENT, GONE -> true;
            case FULL, TOO_MANY_IN_FLIGHT -> false;
        };
    }

    private void retryUntilSaid() {
        Backoff pauses = new Backoff(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
        while (isUnsaid()) {
            pauses.pause();
        }
    }

    private boolean isUnsaid() {
        lock.lock();
        try {
            Notice next = unsaid; // null once the connection is over
            if (next != null && isSaidAtLast(next)) {
                unsaid = null;
            }
            isRetried = unsaid != null;
            return isRetried;
        } finally {
            lock.unlock();
        }
    }

    private boolean isSaidAtLast(Notice notice) {
        try {
            return isSaid(notice);
        } catch (RuntimeException | OutOfMemoryError failure) {
            Log.warningOfPeer("a word for another process by name is not said yet", failure);
            return false;
        }
    }

    /// Has the connection end, of which both sides are notified: [Role#part], on the thread on
    /// which this process meets others.
    public void cut() {
        lock.lock();
        try {
            if (!isClosed) {
                Sockets.shutdown(connection);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the connection.
    ///
    /// @return false if it was over
    boolean close() {
        boolean isMine = end();
        if (isMine) {
            Sockets.hangUp(connection);
        }
        return isMine;
    }

    /// @return whether the connection is the caller's to hang up
    private boolean end() {
        lock.lock();
        try {
            if (isClosed) {
                return false;
            }
            isClosed = true;
            unsaid = null;
            if (isWatched) {
                MeetingThread.thread().unwatch(connection, token);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
