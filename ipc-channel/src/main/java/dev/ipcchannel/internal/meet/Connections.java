package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connections of a [Member]: one with each of the other role, and those of strangers that have
/// not said yet who they are.
///
/// Of two members the one that registers later sees the other and connects to it, so each pair
/// meets once; where both connect, since one of them had to register again, the connection of the
/// one with the greater number counts. Any thread may use it.
final class Connections {

    /// How many strangers are kept.
    static final int MAX_SILENT = 64;

    private final Member member;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Counterpart> all = new LinkedHashSet<>(); // these inside the lock
    private boolean isClosed;

    Connections(Member member) {
        this.member = member;
    }

    /// Connects to a member. Takes the socket over.
    ///
    /// @return false if it has hung up
    boolean connected(Descriptor socket, Way way) {
        return isStarted(new Counterpart(member, socket, way));
    }

    /// Somebody has connected. Takes the socket over.
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
                member.role().part(counterpart); // what was made to greet it
            }
        }
    }

    /// Greets one by its connection.
    ///
    /// @return false if it has hung up, or the member greets no more
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

    /// Has the role of the member take one up.
    ///
    /// @return why it is refused; null if it is taken up
    @Nullable
    String takeUp(Counterpart counterpart, Transfer offered) {
        boolean isTaken = false;
        try {
            String refusal = member.role().takeUp(counterpart, offered);
            isTaken = refusal == null;
            return refusal;
        } finally {
            if (isTaken) {
                offered.closeUnread(); // not what its role expects
            } else {
                Descriptor.closeAll(offered.descriptors());
            }
        }
    }

    /// Makes room in a crowd of those that say nothing: the oldest go.
    private void thinOut() {
        List<Counterpart> silent = silent();
        if (silent.size() > MAX_SILENT) {
            silent.forEach(one -> one.onSignal(false)); // what they say may wait to be read
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

    /// Keeps one no longer: nothing else does.
    void remove(Counterpart counterpart) {
        lock.lock();
        try {
            boolean _ = all.remove(counterpart);
        } finally {
            lock.unlock();
        }
        member.approach().changed();
    }

    /// Those that are met now.
    List<Counterpart> met() {
        lock.lock();
        try {
            return all.stream().filter(Counterpart::isMet).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The processes to which this one has said something that they have not answered.
    List<Long> awaited() {
        lock.lock();
        try {
            return all.stream().filter(Counterpart::isPending).map(Counterpart::pid).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Whether there is one with the member of that number.
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

    /// Notes which member a counterpart is, unless another connection with that one counts.
    boolean isOnly(Counterpart counterpart, long number) {
        if (counterpart.isAwaited() && counterpart.id() != number) {
            return false; // it is not the one that was found
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

    /// Takes no more.
    ///
    /// @return those that are to be closed
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
