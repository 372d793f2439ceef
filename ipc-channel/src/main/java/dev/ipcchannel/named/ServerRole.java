package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.presence.Subscribers;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The role of a server by name. Each caller has a responder of its own, with a thread that
/// receives; each question is answered on a virtual thread.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class ServerRole<Q, R> implements Role {

    static final String WORD = "server";

    private final Subscribers subscribers = new Subscribers();
    private final ChannelPairs<Reply<ServerMessage<R>>, Request<Q>> lines;
    private final Handler<Q, ServerMessage<R>> handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Serving<Q, R>> serving = new HashSet<>(); // guarded by the lock
    private volatile boolean isOver; // written inside the lock

    /// A caller that is being served.
    private static final class Serving<Q, R> {

        private final Counterpart caller;
        private final Responder<Q, ServerMessage<R>> responder;
        private final AtomicInteger open = new AtomicInteger(); // questions being answered

        Serving(Counterpart caller, Responder<Q, ServerMessage<R>> responder) {
            this.caller = caller;
            this.responder = responder;
        }
    }

    /// A call of the service as its handler sees it.
    ///
    /// @param inner the call of the responder
    /// @param <R> the type of the answers
    private record Answering<R>(Exchange<ServerMessage<R>> inner) implements Exchange<R> {

        @Override
        public boolean isCancelled() {
            return inner.isCancelled();
        }

        @Override
        public boolean isWithdrawn() {
            return inner.isWithdrawn();
        }

        @Override
        public Map<String, String> headers() {
            return inner.headers();
        }

        @Override
        public void part(R part) throws InterruptedException {
            inner.part(new ServerMessage.Value<>(part));
        }

        @Override
        public void part(R part, Duration timeout) throws InterruptedException {
            inner.part(new ServerMessage.Value<>(part), timeout);
        }

        @Override
        public <T extends AutoCloseable> T closeWhenSent(T resource) {
            return inner.closeWhenSent(resource);
        }
    }

    ServerRole(Service.Codecs<Q, R> codecs, Handler<Q, R> handler, NamedOptions options) {
        this.lines = new ChannelPairs<>(codecs.replies(), codecs.requests(),
                EndAccess.settings(options.channel(), codecs.requests()), codecs.asServer());
        this.handler = (question, exchange) -> {
            exchange.part(new ServerMessage.Begun<>()); // first: else it may go elsewhere
            R answer = handler.answer(question, new Answering<>(exchange));
            return answer == null ? null : new ServerMessage.Value<>(answer);
        };
    }

    /// The callers that are there.
    Subscribers subscribers() {
        return subscribers;
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public String counterpartWord() {
        return CallerRole.WORD;
    }

    @Override
    public boolean offer(Counterpart counterpart, Transfer transfer) {
        return lines.offer(counterpart, transfer);
    }

    @Override
    public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
        Serving<Q, R> caller;
        try {
            caller = new Serving<>(counterpart,
                    new Responder<>(lines.takeUp(counterpart, offered)));
        } catch (LaneException refused) {
            return Role.refusal(refused);
        }
        boolean isServed = false;
        try {
            if (add(caller)) {
                // Not a virtual thread: handlers may keep all carriers busy, and cancels must still
                // reach them.
                Thread _ = Thread.ofPlatform().daemon().name("ipc-channel service")
                        .start(() -> serve(caller));
                isServed = true;
            }
        } finally {
            if (!isServed) {
                remove(caller);
            }
        }
        return isServed ? null : ENDS;
    }

    private boolean add(Serving<Q, R> caller) {
        lock.lock();
        try {
            return !isOver && serving.add(caller);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Serving<Q, R> caller) {
        caller.responder.close();
        lock.lock();
        try {
            boolean _ = serving.remove(caller);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Serves a caller until its end, which also ends the connection of the two. If the caller is
    /// alive, they connect anew.
    private void serve(Serving<Q, R> caller) {
        try {
            caller.responder.serve(handler, task -> begin(caller, task));
        } catch (RuntimeException | Error failure) { // errors as well: no memory, or no class
            Log.warningOfPeer("a caller of a service is cut off, and met anew", failure);
        } catch (InterruptedException impossible) { // no other code has this thread
            Thread.currentThread().interrupt();
        } finally {
            try {
                remove(caller);
            } finally {
                caller.caller.cut(); // else the caller would go on to ask this server
            }
        }
    }

    private void begin(Serving<Q, R> caller, Runnable task) {
        int _ = caller.open.incrementAndGet();
        boolean isBegun = false;
        try {
            Thread _ = Thread.ofVirtual().name("ipc-channel handler").start(() -> {
                try {
                    task.run();
                } finally {
                    end(caller);
                }
            });
            isBegun = true;
        } finally {
            if (!isBegun) {
                end(caller);
            }
        }
    }

    private void end(Serving<Q, R> caller) {
        if (caller.open.decrementAndGet() > 0 || !isOver) { // no thread waits before that
            return;
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void met(Counterpart counterpart) {
        subscribers.join(counterpart);
    }

    /// Open questions of the counterpart go on: its channels show whether it still waits for
    /// answers.
    @Override
    public void disconnect(Counterpart counterpart) {
        lines.drop(counterpart);
        subscribers.disconnect(counterpart);
    }

    /// Accepts no more callers.
    void stop() {
        lock.lock();
        try {
            isOver = true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until each caller is gone. For a caller that does not respond, and so has not let this
    /// server go, waits until none of its questions is open.
    ///
    /// @return the callers that still wait for answers at the deadline, for people; empty if there
    /// are none
    String awaitIdle(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isAnyAwaited() && !deadline.isPast()) {
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
            return Counterparts.shown(serving.stream().filter(caller -> caller.open.get() > 0)
                    .map(caller -> caller.caller).toList());
        } finally {
            lock.unlock();
        }
    }

    /// Whether a question is open or may still arrive. The questions of a caller that has let this
    /// server go may still be on their way.
    private boolean isAnyAwaited() {
        for (Serving<Q, R> caller : serving) {
            if (caller.open.get() > 0 || !subscribers.has(caller.caller)) {
                return true;
            }
        }
        return false;
    }

    /// Ends all calls.
    void end() {
        List<Serving<Q, R>> last;
        lock.lock();
        try {
            isOver = true;
            last = List.copyOf(serving);
        } finally {
            lock.unlock();
        }
        subscribers.end();
        lines.end();
        last.forEach(caller -> caller.responder.close());
    }
}
