package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.Notice;
import org.jspecify.annotations.Nullable;

/// A connection of a [Member] to a member of the other role: greeted, then kept until one of the
/// two is gone.
///
/// The thread on which this process meets others reads it. Any thread may send by it or close it.
public final class Counterpart implements Watcher.Watched {

    private enum Stage {
        /// It was accepted, and has not greeted.
        SILENT,
        /// This process has connected and greeted.
        GREETED,
        /// The connection that this process made has ended too soon: the member is about to be met
        /// again.
        PARTED,
        /// The member is taken up.
        MET,
        OVER
    }

    private static final long LACK_PAUSE_NANOS = 1_000_000;

    private final Member member;
    private final Connection connection;
    private final PendingNotice words;
    private final @Nullable Way way; // by which this process has connected
    private volatile Stage stage;
    private volatile long id;
    private volatile long pid;
    private volatile @Nullable Entry entry; // set if this process has connected, or once it is met
    private boolean isRefused; // used by the thread that meets others

    /// Takes the socket over.
    ///
    /// @param way by which this process has connected, and meets the member again if the connection
    /// ends too soon; null if the member has connected
    Counterpart(Member member, Descriptor socket, @Nullable Way way) {
        this.member = member;
        this.connection = new Connection(socket);
        this.words = new PendingNotice(connection);
        this.way = way;
        this.entry = way == null ? null : way.found().entry();
        this.stage = way == null ? Stage.SILENT : Stage.GREETED;
        this.id = way == null ? 0 : way.found().number();
        this.pid = way == null ? 0 : way.pid();
    }

    /// The number of its process, in its own view; 0 before it is known.
    public long pid() {
        return pid;
    }

    /// The name of that process's program for people; empty if it is not known.
    public String program() {
        Entry there = entry;
        return there == null ? "" : there.program();
    }

    /// Its entry at the time it was met; null before that, and if there was none.
    @Nullable
    Entry entry() {
        return entry;
    }

    /// The number of the member, the same at each connection; 0 before it is known.
    public long id() {
        return id;
    }

    /// Sets the number of the member.
    void identify(long number) {
        id = number;
    }

    /// Whether it still has the name open, as far as its entry shows. Asks the file system.
    public boolean isAlive() {
        return member.folder().isAlive(id);
    }

    boolean isMet() {
        return stage == Stage.MET;
    }

    boolean isSilent() {
        return stage == Stage.SILENT;
    }

    /// Whether this process's greeting has no answer yet.
    boolean isAwaited() {
        return stage == Stage.GREETED;
    }

    /// Whether it is still to be met, by this connection or by another.
    boolean isPending() {
        return stage == Stage.GREETED || stage == Stage.PARTED;
    }

    /// Whether its connection is over.
    boolean isLost() {
        return stage == Stage.PARTED || stage == Stage.OVER;
    }

    /// Greets, if this process has connected, and reads from now on.
    ///
    /// @return false if the counterpart has hung up, or if this member no longer greets
    boolean start() {
        if (stage == Stage.GREETED
                && !member.connections().isGreeted(this, connection, Greeting.HELLO)) {
            return false;
        }
        connection.watch(this);
        return true;
    }

    @Override
    public void onSignal(boolean isEnd) {
        try {
            for (int count = 1; !isLost() && read(); count++) { // until nothing is left
                if (count == MeetingThread.MAX_AT_ONCE) {
                    connection.notifyAgain(); // after other sockets
                    break;
                }
            }
        } catch (RuntimeException | OutOfMemoryError failure) {
            Log.warningOfPeer("a process that met this one by name is cut off", failure);
            if (stage != Stage.MET) {
                member.unmet().failed(id, failure);
            }
            over();
            return;
        }
        if (isLost()) {
            over(); // again, perhaps: there may have been no memory for it
        }
    }

    private boolean read() {
        try (Packet packet = new Packet()) {
            return switch (connection.receive(packet)) {
                case NOTHING -> false;
                case END -> {
                    if (isAwaited()) {
                        member.unmet().ended(id);
                    }
                    yield ended();
                }
                case PACKET -> take(packet);
            };
        }
    }

    /// @return whether to go on
    private boolean take(Packet packet) {
        if (packet.hasLostDescriptors()) {
            return isPassedOver();
        }
        return switch (stage) {
            case SILENT -> Greeting.is(packet, Greeting.HELLO) ? meet(packet, true)
                    : takeOther(packet);
            case GREETED -> takeAnswer(packet);
            case MET -> takeNotice(packet);
            case PARTED, OVER -> false;
        };
    }

    /// Takes the first packet of a stranger that does not greet.
    private boolean takeOther(Packet packet) {
        String turnedAway = Greeting.refusal(packet);
        if (turnedAway == null || turnedAway.isEmpty()) {
            return refuse("it expects a member of a name to greet it");
        }
        member.unmet().turnedAway(turnedAway);
        return ended();
    }

    private boolean takeAnswer(Packet packet) {
        String refusal = Greeting.refusal(packet);
        if (refusal == null) {
            return Greeting.is(packet, Greeting.WELCOME) ? meet(packet, false) : ended();
        }
        isRefused = true;
        if (!refusal.equals(Greeting.NO_REASON)) {
            member.unmet().refused(id, refusal);
            Log.warning("a process that has a name open does not take this one up",
                    "name=%s, pid=%d: %s".formatted(member.name(), pid, refusal));
        }
        return ended();
    }

    private boolean takeNotice(Packet packet) {
        Notice notice = Greeting.notice(packet);
        if (notice == null) {
            return ended();
        }
        if (notice.kind() == Notice.Kind.LEAVE) {
            stage = Stage.OVER; // in order: it is not met again
            return ended();
        }
        member.role().notice(this, notice);
        return true;
    }

    /// Handles a packet whose descriptors did not arrive, for lack of descriptors here. A member
    /// that was met goes on without that notice; with any other, the connection ends, and the
    /// greeting is tried again.
    private boolean isPassedOver() {
        Log.warning("a message of another process of a name is lost, since this process may open"
                + " no more descriptors: raise ulimit -n",
                "name=%s, pid=%d".formatted(member.name(), pid));
        return stage == Stage.MET || ended();
    }

    private boolean meet(Packet packet, boolean isAnswered) {
        String refusal = refusal(packet, isAnswered);
        if (refusal != null) {
            return refuse(refusal);
        }
        stage = Stage.MET;
        if (way != null) {
            way.noteMet();
        }
        if (isAnswered
                && !member.connections().isGreeted(this, connection, Greeting.WELCOME)) {
            return ended();
        }
        member.met(this);
        return true;
    }

    private @Nullable String refusal(Packet packet, boolean isAnswered) {
        if (Greeting.version(packet) != Greeting.VERSION) {
            return "it speaks another version: version=%d, there=%d: use the same on both sides"
                    .formatted(Greeting.VERSION, Greeting.version(packet));
        }
        if (!member.connections().isOnly(this, Greeting.member(packet))) {
            return Greeting.NO_REASON;
        }
        pid = Greeting.pid(packet);
        if (isAnswered) {
            entry = member.folder().entry(id);
        }
        return member.connections().takeUp(this, Greeting.transfer(packet));
    }

    private boolean refuse(String reason) {
        connection.refuse(reason);
        return ended();
    }

    private boolean ended() {
        over();
        return false;
    }

    /// Ends the counterpart. If there is no memory for that, the kernel notifies of the
    /// connection's end again, and it is tried again: each step may be taken twice.
    private void over() {
        try {
            meetAgain(); // first: an opener returns once nothing is pending
            stage = Stage.OVER;
            if (!connection.isClosed()) {
                member.over(this);
            }
        } catch (OutOfMemoryError lack) {
            Log.warningOfPeer("a process that met this one by name is not let go yet", lack);
            Pause.of(LACK_PAUSE_NANOS); // threads that this delays lack memory as well
            connection.cut();
            connection.notifyAgain();
            return;
        } catch (RuntimeException failure) {
            connection.close();
            throw failure;
        }
        connection.close(); // last: a counterpart that leaves waits for it
    }

    /// Meets the member again, if the connection has ended without a notice while both live; the
    /// member that has made the connection does so.
    private void meetAgain() {
        Way mine = way;
        boolean isWanted = stage == Stage.PARTED || stage == Stage.MET
                || (stage == Stage.GREETED && !isRefused);
        if (mine != null && isWanted && !member.isWithdrawn()) {
            stage = Stage.PARTED;
            cut(); // afterwards: the other side has to see its end before another connection
            member.approach().meetLater(mine);
        }
    }

    /// Sends a notice, now or as soon as there is room. Never waits. A notice is about a state: an
    /// earlier one that was not sent yet is dropped, except a [Notice.Kind#LEAVE], which is the
    /// last one.
    ///
    /// @param notice its file remains the caller's, to be kept open until the caller sends another
    /// notice or the connection has ended
    public void send(Notice notice) {
        words.send(notice);
    }

    /// Ends the connection; both sides are notified: [Role#disconnect] follows, on the thread on
    /// which this process meets others.
    public void cut() {
        connection.cut();
    }

    /// Closes the connection.
    void close() {
        connection.close();
    }
}
