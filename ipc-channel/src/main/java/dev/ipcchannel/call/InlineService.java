package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.internal.base.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A service whose handlers run, one at a time, on the thread that receives.
///
/// What comes while a handler runs is taken in when that handler asks whether it is cancelled or
/// waits for its caller, or by the [CancelPoller] if it runs long, and kept for later. Whoever
/// takes in has that right alone.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class InlineService<Q, R> implements Service {

    /// A long handler's questions to come are left to the channel but for a few: they are not
    /// small, perhaps, and nothing else keeps callers from asking more.
    private static final int MAX_AHEAD = 64;

    private final Link<Reply<R>, Request<Q>> ends;
    private final Handler<Q, R> handler;
    private final Replies<R> replies;
    private final SequencedMap<Long, Ask<Q>> kept = new LinkedHashMap<>();
    // Over before they were handled, with what was wrong with those that could not be read.
    private final SequencedMap<Long, Optional<RemoteFailure>> over = new LinkedHashMap<>();
    // A question that was not kept, to be refused before more is taken in.
    private @Nullable Long tooMany;
    private @Nullable InlineExchange<R> current;
    private @Nullable RuntimeException end; // met while a handler ran
    private @Nullable CancelPoller activePoller; // while it serves

    InlineService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler) {
        this.ends = ends;
        this.handler = handler;
        this.replies = new Replies<>(ends);
    }

    @Override
    public void run() throws InterruptedException {
        CancelPoller poller = new CancelPoller(() -> takeIn(MAX_AHEAD));
        activePoller = poller;
        try {
            while (true) {
                if (end != null) {
                    throw end;
                }
                boolean _ = refuse(Deadline.NEVER);
                settleOver();
                Map.Entry<Long, Ask<Q>> next = kept.pollFirstEntry();
                Ask<Q> ask = next == null ? receive() : next.getValue();
                if (ask != null) {
                    handle(ask, poller);
                }
            }
        } catch (Disconnected | EndClosed _) {
            // the callers are gone
        } finally {
            poller.stop();
            kept.values().forEach(ends::drop);
            kept.clear();
        }
    }

    private void settleOver() throws InterruptedException {
        while (!over.isEmpty()) {
            Map.Entry<Long, Optional<RemoteFailure>> next = over.pollFirstEntry();
            RemoteFailure wrong = next.getValue().orElse(null);
            if (wrong == null) {
                replies.end(next.getKey());
            } else {
                replies.fail(next.getKey(), wrong);
            }
        }
    }

    /// @return null if it is none that can be handled: what concerns calls that are open comes too
    /// late, and a question that cannot be read is answered with that
    private @Nullable Ask<Q> receive() throws InterruptedException {
        try {
            return ends.receive() instanceof Ask<Q> ask ? ask : null;
        } catch (IpcException failure) {
            Long id = Service.unreadable(failure);
            if (id == null) {
                throw failure;
            }
            replies.fail(id, failure);
            return null;
        }
    }

    private void handle(Ask<Q> ask, CancelPoller poller) throws InterruptedException {
        InlineExchange<R> exchange = new InlineExchange<>(this, ask.id());
        current = exchange;
        poller.begin();
        R value = null;
        Throwable thrown = null;
        try {
            value = handler.answer(ask.question(), exchange);
        } catch (Throwable failure) { // errors too: the caller is to know, and others are waiting
            thrown = failure;
        } finally {
            poller.end(); // first: nothing interrupts for this call from here on
            current = null;
            exchange.returned();
        }
        try {
            replies.settle(ask.id(), value, thrown, exchange.standing());
        } finally {
            exchange.settled();
        }
        if (thrown instanceof InterruptedException interrupt && !exchange.wasInterrupted()) {
            throw interrupt; // it was meant for this thread, not for that handler
        }
    }

    Replies<R> replies() {
        return replies;
    }

    /// Takes in what has come, and learns whether anybody is still there. Never waits, and does not
    /// stay for all that a flood brings.
    ///
    /// Questions beyond the limit are refused, so that what lies after them is seen: a cancel is
    /// missed only as long as the caller does not take the refusal.
    void takeIn() {
        CancelPoller poller = Objects.requireNonNull(activePoller);
        poller.enter();
        try {
            takeIn(MAX_OPEN);
        } finally {
            poller.leave();
        }
    }

    /// @param ahead so many questions may be kept before it stops
    private void takeIn(int ahead) {
        for (int i = 0; i < MAX_OPEN && kept.size() + over.size() <= ahead && end == null; i++) {
            try {
                Request<Q> request = tryRefuse() ? ends.tryReceive() : null;
                if (request == null) {
                    return;
                }
                note(request);
            } catch (RuntimeException failure) {
                note(failure);
            } catch (OutOfMemoryError failure) { // what was received is lost, so the others are to know
                end(new ResourceExhausted(
                        "a question is lost, since the heap has no room to keep it",
                        failure));
            }
        }
    }

    /// Waits for the next request, and takes it in.
    ///
    /// @return false if the limit came first
    boolean awaitNews(Deadline limit) throws InterruptedException {
        CancelPoller poller = Objects.requireNonNull(activePoller);
        poller.enter();
        try {
            return current == null || current.hasNews() || end != null || receiveNews(limit);
        } finally {
            poller.leave();
        }
    }

    private boolean receiveNews(Deadline limit) throws InterruptedException {
        try {
            if (!refuse(limit)) {
                return false;
            }
            note(limit.isFinite() ? ends.receive(limit.remaining()) : ends.receive());
        } catch (TimedOut _) {
            return false;
        } catch (RuntimeException failure) {
            note(failure);
        }
        return true;
    }

    /// Refuses the question that was one too many, if there is one, and room to say so.
    ///
    /// @return whether there is none any more
    private boolean tryRefuse() {
        Long id = tooMany;
        if (id != null && ends.trySend(refusal(id)) == SendOutcome.SENT) {
            tooMany = null;
        }
        return tooMany == null;
    }

    /// The same, waiting for room.
    ///
    /// @return false if the limit came first
    private boolean refuse(Deadline limit) throws InterruptedException {
        Long id = tooMany;
        if (id == null) {
            return true;
        }
        try {
            if (limit.isFinite()) {
                ends.send(refusal(id), limit.remaining());
            } else {
                ends.send(refusal(id));
            }
            tooMany = null;
            return true;
        } catch (TimedOut _) {
            return false;
        }
    }

    private static <R> Reply<R> refusal(long id) {
        RuntimeException refusal = Service.refusal();
        return new Reply.Failed<>(id, new RemoteFailure(refusal.getClass().getName(),
                String.valueOf(refusal.getMessage()), List.of())); // no stack, so it fits
    }

    /// Keeps a question that could not be read, to be answered with that. Anything else is the end:
    /// the handler that runs is told by its exchange, the rest is for [#run].
    private void note(RuntimeException failure) {
        Long id = Service.unreadable(failure);
        if (id == null) {
            end(failure);
        } else if (isKept(id)) {
            over.put(id, Optional.of(RemoteFailure.withoutStack(failure)));
        }
    }

    private void end(RuntimeException failure) {
        end = failure;
        InlineExchange<R> exchange = current;
        if (exchange != null) {
            exchange.end(Standing.stopped(failure)); // no interrupt: it may end what it has begun
        }
    }

    /// Keeps a question, and passes on what concerns a call that is open. An id that is open
    /// already is not opened again.
    private void note(Request<Q> request) {
        switch (request) {
            case Ask<Q> ask -> keep(ask);
            case Request.Cancel<Q> cancel -> cancel(cancel.id());
            case Request.More<Q> more -> {
                InlineExchange<R> exchange = current;
                if (exchange != null && exchange.id() == more.id()) {
                    exchange.grant(more.parts());
                }
            }
        }
    }

    private void keep(Ask<Q> ask) {
        if (isKept(ask.id())) {
            kept.put(ask.id(), ask);
        } else {
            ends.drop(ask);
        }
    }

    /// Whether a call is new, and there is room to keep it; if not for want of room, it is refused.
    private boolean isKept(long id) {
        InlineExchange<R> exchange = current;
        if ((exchange != null && exchange.id() == id) || kept.containsKey(id)
                || over.containsKey(id)) {
            return false;
        }
        boolean hasRoom = kept.size() + over.size() < MAX_OPEN;
        if (!hasRoom) {
            tooMany = id;
        }
        return hasRoom;
    }

    private void cancel(long id) {
        InlineExchange<R> exchange = current;
        if (exchange != null && exchange.id() == id) {
            exchange.cancel();
            return;
        }
        Ask<Q> ask = kept.remove(id);
        if (ask != null) {
            over.put(id, Optional.empty());
            ends.drop(ask);
        }
    }
}
