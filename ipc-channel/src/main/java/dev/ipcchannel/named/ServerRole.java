package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.posix.Deadline;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
    private final Set<Responder<Q, Served<R>>> serving = new HashSet<>(); // these inside the lock
    private boolean isOver;

    ServerRole(Service.Codecs<Q, R> codecs, Handler<Q, R> handler, NamedOptions options) {
        this.lines = new Lines<>(codecs.replies(), codecs.requests(),
                EndAccess.settings(options.channel(), codecs.requests()), codecs.asServer());
        this.handler = (question, exchange) -> {
            exchange.send(new Served.Begun<>()); // first: what was not begun may be done elsewhere
            R answer = handler.answer(question, new ServedExchange<>(exchange));
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
        Responder<Q, Served<R>> responder;
        try {
            responder = new Responder<>(lines.takeUp(counterpart, offered));
        } catch (LaneException refused) {
            return Opening.refusal(refused);
        }
        boolean isServed = false;
        try {
            if (add(responder)) {
                // No virtual one: handlers may keep all of their carriers, and cancels are to reach them.
                Thread _ = Thread.ofPlatform().daemon().name("ipc-channel service")
                        .start(() -> serve(counterpart, responder));
                isServed = true;
            }
        } finally {
            if (!isServed) {
                remove(responder);
            }
        }
        return isServed ? null : ENDS;
    }

    private boolean add(Responder<Q, Served<R>> responder) {
        lock.lock();
        try {
            return !isOver && serving.add(responder);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Responder<Q, Served<R>> responder) {
        responder.close();
        lock.lock();
        try {
            boolean _ = serving.remove(responder);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// With it ends the pair's connection: where the caller lives, the two meet again.
    private void serve(Counterpart caller, Responder<Q, Served<R>> responder) {
        try {
            responder.serve(handler, task -> {
                Thread _ = Thread.ofVirtual().name("ipc-channel handler").start(task);
            });
        } catch (RuntimeException | Error failure) { // errors too: no memory, or no class
            Log.warningOfPeer("a caller of a service is cut off, and met anew", failure);
        } catch (InterruptedException impossible) { // nobody has this thread
            Thread.currentThread().interrupt();
        } finally {
            try {
                remove(responder);
            } finally {
                caller.cut(); // else it would take this server for one that can be asked
            }
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

    /// Waits until each caller has hung up.
    ///
    /// @return how many have not, at the deadline
    int awaitIdle(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!serving.isEmpty() && !deadline.isPast()) {
                boolean _ = changed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
            return serving.size();
        } finally {
            lock.unlock();
        }
    }

    /// Ends all calls.
    void end() {
        List<Responder<Q, Served<R>>> last;
        lock.lock();
        try {
            isOver = true;
            last = List.copyOf(serving);
        } finally {
            lock.unlock();
        }
        subscribers.end();
        lines.end();
        last.forEach(Responder::close);
    }
}
