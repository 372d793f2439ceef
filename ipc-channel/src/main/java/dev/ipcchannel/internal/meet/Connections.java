package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connections of a [Member]: one to each met member of the other role, and those of strangers
/// that have not greeted yet.
///
/// Of two members the later one to register sees the other and connects to it, so each pair meets
/// once. If both connect, because one had to register again, the connection of the member with the
/// greater number counts. Any thread may use it.
final class Connections {

    /// The most strangers that are kept.
    static final int MAX_SILENT = 64;

    private final Member member;
    private final ReentrantLock lock = new ReentrantLock();
    // This and the next are guarded by the lock.
    private final Set<Counterpart> all = new LinkedHashSet<>();
    private boolean isClosed;

    Connections(Member member) {
        this.member = member;
    }

    /// Adds a connection that was made to a member. Takes the socket over.
    ///
    /// @return false if the member has hung up
    boolean connected(Descriptor socket, Way way) {
        return isStarted(new Counterpart(member, socket, way));
    }

    /// Adds a connection that was accepted. Takes the socket over.
    void accepted(Descriptor socket) {
        boolean _ = isStarted(new Counterpart(member, socket, null));
        thinOut();
    }

    private boolean isStarted(Counterpart counterpart) {
        boolean isStarted = false;
        try {
            isStarted = add(counterpart) && counterpart.start();
            return isStarted || member.isClosed();
        } finally {
            if (!isStarted) {
                remove(counterpart);
                counterpart.close();
                member.role().disconnect(counterpart); // ends what was made for its greeting
            }
        }
    }

    /// Sends a greeting by a connection.
    ///
    /// @return false if the counterpart has hung up, or if this member no longer greets
    boolean isGreeted(Counterpart counterpart, Connection connection, int kind) {
        Packet.Sending sending = connection.greet(kind, member.number(), member.pid(),
                transfer -> member.role().offer(counterpart, transfer));
        if (sending != Packet.Sending.SENT && sending != Packet.Sending.GONE) {
            throw new MeetingException(MeetingException.Kind.EXHAUSTED,
                    "a member of this name could not be greeted (%s): name=%s, pid=%d"
                            .formatted(sending, member.name(), counterpart.pid()));
        }
        return sending == Packet.Sending.SENT;
    }

    /// Makes the member's role take a counterpart up.
    ///
    /// @return the reason of a refusal; null if it is taken up
    @Nullable
    String takeUp(Counterpart counterpart, Transfer offered) {
        boolean isTaken = false;
        try {
            String refusal = member.role().takeUp(counterpart, offered);
            isTaken = refusal == null;
            return refusal;
        } finally {
            if (isTaken) {
                offered.closeUnread(); // descriptors that the role does not expect
            } else {
                Descriptor.closeAll(offered.descriptors());
            }
        }
    }

    /// Makes room in a crowd of silent strangers: the oldest are closed.
    private void thinOut() {
        List<Counterpart> silent = silent();
        if (silent.size() > MAX_SILENT) {
            silent.forEach(one -> one.onSignal(false)); // a greeting may wait to be read
            silent = silent();
        }
        for (Counterpart one : silent.subList(0, Math.max(0, silent.size() - MAX_SILENT))) {
            remove(one);
            one.close();
        }
    }

    private List<Counterpart> silent() {
        lock.lock();
        try {
            return all.stream().filter(Counterpart::isSilent).toList();
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Counterpart counterpart) {
        lock.lock();
        try {
            return !isClosed && all.add(counterpart);
        } finally {
            lock.unlock();
        }
    }

    /// Removes a counterpart, which nothing else refers to.
    void remove(Counterpart counterpart) {
        lock.lock();
        try {
            boolean _ = all.remove(counterpart);
        } finally {
            lock.unlock();
        }
        member.approach().changed();
    }

    /// The counterparts that are met now.
    List<Counterpart> met() {
        lock.lock();
        try {
            return all.stream().filter(Counterpart::isMet).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The processes that have not answered this member's greeting.
    List<Long> awaited() {
        lock.lock();
        try {
            return all.stream().filter(Counterpart::isPending).map(Counterpart::pid).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Whether there is a connection to the member of that number.
    boolean has(long number) {
        return with(number, null) != null;
    }

    private @Nullable Counterpart with(long number, @Nullable Counterpart besides) {
        lock.lock();
        try {
            return all.stream().filter(one -> one.id() == number && !one.isLost()
                    && !one.equals(besides)).findFirst().orElse(null);
        } finally {
            lock.unlock();
        }
    }

    /// Notes which member a counterpart is, unless another connection to that member counts.
    boolean isOnly(Counterpart counterpart, long number) {
        if (counterpart.isAwaited() && counterpart.id() != number) {
            return false; // not the member that was found
        }
        Counterpart earlier = with(number, counterpart);
        if (earlier != null && earlier.isMet()) {
            earlier.onSignal(false); // it may be over
        }
        lock.lock();
        try {
            Counterpart there = with(number, counterpart);
            boolean isFirst = there == null || (there.isAwaited() && counterpart.isSilent()
                    && Long.compareUnsigned(number, member.number()) > 0);
            if (isFirst) {
                counterpart.identify(number);
            }
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more connections.
    ///
    /// @return those that the caller has to close
    List<Counterpart> end() {
        lock.lock();
        try {
            isClosed = true;
            List<Counterpart> last = List.copyOf(all);
            all.clear();
            return last;
        } finally {
            lock.unlock();
        }
    }
}
