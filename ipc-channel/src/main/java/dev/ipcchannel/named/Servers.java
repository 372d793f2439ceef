package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Notice;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.posix.Deadline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The role of a caller by name: it knows the servers that can be asked, and which of them is next.
///
/// A server that leaves, or whose process ends, is asked nothing more; what it was asked before
/// goes on as long as it can.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class Servers<Q, R> implements Role {

    static final String CLOSED = "this caller was closed";

    private final Lines<Request<Q>, Reply<Served<R>>> lines;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Inside the lock.
    private final Map<Counterpart, Server<Q, R>> callable = new LinkedHashMap<>();
    private final Set<Server<Q, R>> leaving = new HashSet<>(); // with calls that are in somebody's hands
    private final Hearts hearts = new Hearts();
    private long turns;
    private boolean isOver;

    Servers(Service.Codecs<Q, R> codecs, NamedOptions options) {
        this.lines = new Lines<>(codecs.requests(), codecs.replies(),
                EndAccess.settings(options.channel(), codecs.replies()));
    }

    @Override
    public String word() {
        return "caller";
    }

    @Override
    public String counterpartWord() {
        return Callers.WORD;
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return lines.offer(counterpart, transfer);
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        Server<Q, R> server;
        try {
            server = new Server<>(counterpart.pid(), counterpart.program(),
                    new Caller<>(lines.takeUp(counterpart, offered)));
        } catch (LaneException refused) {
            return Opening.refusal(refused);
        }
        if (!add(counterpart, server)) {
            server.close();
            return ENDS;
        }
        return null;
    }

    private boolean add(Counterpart counterpart, Server<Q, R> server) {
        lock.lock();
        try {
            if (!isOver) {
                callable.put(counterpart, server);
                changed.signalAll();
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void met(Counterpart counterpart) {
        // It can be asked already.
    }

    @Override
    public void hear(Counterpart counterpart, Notice notice) {
        lock.lock();
        try {
            hearts.hear(counterpart, notice, !isOver);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void part(Counterpart counterpart) {
        lines.drop(counterpart);
        lock.lock();
        try {
            hearts.forget(counterpart);
            Server<Q, R> server = callable.remove(counterpart);
            if (server != null) {
                leave(server);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Inside the lock.
    private void leave(Server<Q, R> server) {
        if (server.left()) {
            closeElsewhere(server);
        } else {
            boolean _ = leaving.add(server);
        }
    }

    /// The calling thread may be one that receives, or must not wait.
    private void closeElsewhere(Server<Q, R> server) {
        boolean _ = leaving.remove(server);
        Thread _ = Thread.ofVirtual().name("ipc-channel leave").start(server::close);
    }

    /// Waits for a server that can be asked and takes the one that is next. Then come [#asked] and
    /// [#release].
    ///
    /// @param isGivenUp ends the wait after a [#wake]
    /// @return null if the deadline came first, or it was given up
    /// @throws EndClosed if the caller is closed
    @Nullable
    Server<Q, R> take(Deadline deadline, BooleanSupplier isGivenUp) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (callable.isEmpty() && !isOver) {
                if (deadline.isPast() || isGivenUp.getAsBoolean()) {
                    return null;
                }
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
            if (isOver) {
                throw new EndClosed(CLOSED);
            }
            Server<Q, R> next = next();
            next.taken(++turns);
            return next;
        } finally {
            lock.unlock();
        }
    }

    private Server<Q, R> next() {
        Server<Q, R> next = null;
        for (Server<Q, R> server : callable.values()) {
            if (next == null || server.isBefore(next)) {
                next = server;
            }
        }
        if (next == null) {
            throw new IllegalStateException("no server is there");
        }
        return next;
    }

    /// The server has the question, or could not be asked.
    void asked(Server<Q, R> server) {
        lock.lock();
        try {
            server.asked();
        } finally {
            lock.unlock();
        }
    }

    /// A call of that server is in nobody's hands any more.
    void release(Server<Q, R> server) {
        lock.lock();
        try {
            if (server.released()) {
                closeElsewhere(server);
            }
        } finally {
            lock.unlock();
        }
    }

    /// A server does not answer any more, by what a call has met: it is asked nothing more.
    void lose(Server<Q, R> server) {
        lock.lock();
        try {
            if (callable.values().remove(server)) {
                leave(server);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Has those that wait look whether they have given up.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many servers can be asked.
    int count() {
        lock.lock();
        try {
            return callable.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return isOver;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many servers are ready: there, and with a heart that beats.
    ///
    /// @return false if the deadline came first, or the caller is closed
    boolean awaitReady(int count, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (hearts.young() < count) {
                if (isOver || deadline.isPast()) {
                    return false;
                }
                long nanos = Math.min(deadline.remainingNanos(), hearts.shortestHaltedInterval());
                boolean _ = changed.await(nanos, TimeUnit.NANOSECONDS);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends all calls and waits.
    void end() {
        List<Server<Q, R>> last;
        lock.lock();
        try {
            isOver = true;
            last = new ArrayList<>(callable.values());
            last.addAll(leaving);
            callable.clear();
            leaving.clear();
            hearts.forgetAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        lines.end();
        last.forEach(Server::close);
    }
}
