package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.presence.HeartbeatTable;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The role of a caller by name: it knows the servers that can be asked, and the one to ask next.
///
/// A server that leaves, or whose process ends, is not asked any more; its open calls go on as long
/// as they can.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class CallerRole<Q, R> implements Role {

    static final String WORD = "caller";

    private final String closed; // a sentence for later calls

    private final ChannelPairs<Request<Q>, Reply<ServerMessage<R>>> lines;
    private final Counterparts<Server<Q, R>> callable = new Counterparts<>();
    private final HeartbeatTable<Server<Q, R>> heartbeats = new HeartbeatTable<>(callable);

    // Guarded by the lock of `callable`.
    private final Set<Server<Q, R>> leaving = new HashSet<>(); // still with open calls
    private long turns;

    CallerRole(Service.Codecs<Q, R> codecs, NamedOptions options) {
        this.closed = "this caller was closed: name=%s: open the name again"
                .formatted(codecs.name());
        this.lines = new ChannelPairs<>(codecs.requests(), codecs.replies(),
                EndAccess.settings(options.channel(), codecs.replies()), codecs.asCaller());
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public String counterpartWord() {
        return ServerRole.WORD;
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
            return Role.refusal(refused);
        }
        if (!callable.put(counterpart, server)) {
            server.close();
            return ENDS;
        }
        return null;
    }

    @Override
    public void notice(Counterpart counterpart, Notice notice) {
        heartbeats.note(counterpart, notice);
    }

    @Override
    public void disconnect(Counterpart counterpart) {
        lines.drop(counterpart);
        callable.change(() -> {
            heartbeats.forget(counterpart);
            Server<Q, R> server = callable.remove(counterpart);
            if (server != null) {
                leave(server);
            }
        });
    }

    /// Called inside the lock.
    private void leave(Server<Q, R> server) {
        if (server.left()) {
            closeElsewhere(server);
        } else {
            boolean _ = leaving.add(server);
        }
    }

    /// Closes a server on a thread of its own: the calling thread may be one that receives, or one
    /// that must not wait.
    private void closeElsewhere(Server<Q, R> server) {
        boolean _ = leaving.add(server); // if no thread can be made, until the end
        Thread _ = Thread.ofVirtual().name("ipc-channel leave").start(server::close);
        boolean _ = leaving.remove(server);
    }

    /// Waits for a server that can be asked, and takes the next one. [#asked] and [#release]
    /// follow.
    ///
    /// @param isGivenUp ends the wait after a [#wake]
    /// @return null if the deadline came first, or the wait was given up
    /// @throws EndClosed if the caller is closed
    @Nullable
    Server<Q, R> take(Deadline deadline, BooleanSupplier isGivenUp) throws InterruptedException {
        while (true) {
            boolean isAwaited = callable.await(
                    () -> callable.count() > 0 || isGivenUp.getAsBoolean(), deadline);
            if (callable.isOver()) {
                throw closed();
            }
            Server<Q, R> next = callable.look(this::takenNext);
            if (next != null || !isAwaited || isGivenUp.getAsBoolean()) {
                return next;
            }
        }
    }

    private @Nullable Server<Q, R> takenNext() {
        Server<Q, R> next = null;
        for (Server<Q, R> server : callable.all()) {
            if (next == null || server.isBefore(next)) {
                next = server;
            }
        }
        if (next != null) {
            next.taken(++turns);
        }
        return next;
    }

    /// Notes that the server has the question, or could not be asked.
    void asked(Server<Q, R> server) {
        callable.change(server::asked);
    }

    /// Notes that a call of that server has ended for its user.
    void release(Server<Q, R> server) {
        callable.change(() -> {
            if (server.released()) {
                closeElsewhere(server);
            }
        });
    }

    /// Notes that a call has found a server's channels broken. The server is not asked any more by
    /// this pair of channels. If it is alive, caller and server connect anew.
    void lose(Server<Q, R> server) {
        callable.change(() -> {
            Counterpart lost = callable.of(server);
            if (lost != null) {
                Server<Q, R> _ = callable.remove(lost);
                heartbeats.forget(lost);
                leave(server);
                lost.cut(); // if it is alive, it is connected anew
            }
        });
    }

    /// Wakes the waiting threads to check whether they have given up.
    void wake() {
        callable.change(() -> {});
    }

    /// How many servers can be asked.
    int count() {
        return callable.count();
    }

    boolean isOver() {
        return callable.isOver();
    }

    /// The heartbeats of the servers.
    HeartbeatTable<Server<Q, R>> heartbeats() {
        return heartbeats;
    }

    /// The failure of later calls.
    EndClosed closed() {
        return new EndClosed(closed);
    }

    /// Ends all calls and waits.
    void end() {
        List<Server<Q, R>> last = new ArrayList<>(callable.end());
        callable.change(() -> {
            last.addAll(leaving);
            leaving.clear();
            heartbeats.end();
        });
        AllSteps.take(lines::end, () -> AllSteps.take(last, Server::close));
    }
}
