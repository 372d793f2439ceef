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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The role of a server by name: it answers each caller by a responder of its own, whose thread
/// receives, and each question on a virtual thread.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class ServerRole<Q, R> implements Role {

    static final String WORD = "server";

    private final Subscribers subscribers = new Subscribers();
    private final Lines<Reply<Served<R>>, Request<Q>> lines;
    private final Handler<Q, Served<R>> handler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Serving<Q, R>> serving = new HashSet<>(); // these inside the lock
    private volatile boolean isOver; // written inside

    /// The answering of one caller.
    private static final class Serving<Q, R> {

        private final Counterpart caller;
        private final Responder<Q, Served<R>> responder;
        private final AtomicInteger open = new AtomicInteger(); // questions that are being answered

        Serving(Counterpart caller, Responder<Q, Served<R>> responder) {
            this.caller = caller;
            this.responder = responder;
        }
    }

    /// One call of the service as its handler sees it.
    ///
    /// @param inner the call as it is carried
    /// @param <R> the type of the answers
    private record Answering<R>(Exchange<Served<R>> inner) implements Exchange<R> {

        @Override
        public boolean isCancelled() {
            return inner.isCancelled();
        }

        @Override
        public void send(R part) throws InterruptedException {
            inner.send(new Served.Value<>(part));
        }

        @Override
        public void send(R part, Duration timeout) throws InterruptedException {
            inner.send(new Served.Value<>(part), timeout);
        }

        @Override
        public <T extends AutoCloseable> T closeWhenSent(T resource) {
            return inner.closeWhenSent(resource);
        }
    }

    ServerRole(Service.Codecs<Q, R> codecs, Handler<Q, R> handler, NamedOptions options) {
        this.lines = new Lines<>(codecs.replies(), codecs.requests(),
                EndAccess.settings(options.channel(), codecs.requests()), codecs.asServer());
        this.handler = (question, exchange) -> {
            exchange.send(new Served.Begun<>()); // first: what was not begun may be done elsewhere
            R answer = handler.answer(question, new Answering<>(exchange));
            return answer == null ? null : new Served.Value<>(answer);
        };
    }

    /// Those that are there.
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
                // No virtual one: handlers may keep all of their carriers, and cancels are to reach
                // them.
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

    /// With it ends the pair's connection: where the caller lives, the two meet again.
    private void serve(Serving<Q, R> caller) {
        try {
            caller.responder.serve(handler, task -> begin(caller, task));
        } catch (RuntimeException | Error failure) { // errors too: no memory, or no class
            Log.warningOfPeer("a caller of a service is cut off, and met anew", failure);
        } catch (InterruptedException impossible) { // nobody has this thread
            Thread.currentThread().interrupt();
        } finally {
            try {
                remove(caller);
            } finally {
                caller.caller.cut(); // else it would take this server for one that can be asked
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
        if (caller.open.decrementAndGet() > 0 || !isOver) { // nobody waits before it is over
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

    /// What it has asked goes on: its channels say whether it waits for that.
    @Override
    public void part(Counterpart counterpart) {
        lines.drop(counterpart);
        subscribers.part(counterpart);
    }

    /// Takes up no more callers.
    void stop() {
        lock.lock();
        try {
            isOver = true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until each caller has hung up: one that has not let this server go, since it does not
    /// answer, until nothing of it is open.
    ///
    /// @return those that wait for answers, at the deadline, for people; empty if none does
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

    /// What a caller that has let this server go has asked may be on its way yet.
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
