package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Request.Ask;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Serves with handlers that run, one at a time, on the thread that receives.
///
/// What comes while a handler runs is taken in when that handler asks whether it is cancelled or
/// waits for its caller, and kept for later.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class InlineService<Q, R> implements Service {

    private final Link<Reply<R>, Request<Q>> ends;
    private final Handler<Q, R> handler;
    private final Replies<R> replies;
    private final SequencedMap<Long, Ask<Q>> kept = new LinkedHashMap<>();
    private final SequencedSet<Long> cancelled = new LinkedHashSet<>(); // before they were handled
    private @Nullable InlineExchange<R> current;
    private @Nullable RuntimeException end; // met while a handler ran

    InlineService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler) {
        this.ends = ends;
        this.handler = handler;
        this.replies = new Replies<>(ends);
    }

    @Override
    public void run() throws InterruptedException {
        try {
            while (true) {
                if (end != null) {
                    throw end;
                }
                endCancelled();
                Map.Entry<Long, Ask<Q>> next = kept.pollFirstEntry();
                if (next != null) {
                    handle(next.getValue());
                } else if (ends.receive() instanceof Ask<Q> ask) { // the others come too late
                    handle(ask);
                }
            }
        } catch (Disconnected | EndClosed _) {
            // nobody is there any more to ask or to be answered
        }
    }

    private void endCancelled() throws InterruptedException {
        while (!cancelled.isEmpty()) {
            replies.end(cancelled.removeFirst());
        }
    }

    private void handle(Ask<Q> ask) throws InterruptedException {
        InlineExchange<R> exchange = new InlineExchange<>(this, ask.id());
        current = exchange;
        R value = null;
        Throwable thrown = null;
        try {
            value = handler.answer(ask.question(), exchange);
        } catch (Throwable failure) { // errors too: the caller is to know, and others are waiting
            thrown = failure;
        } finally {
            current = null;
            exchange.end();
        }
        replies.settle(ask.id(), value, thrown, exchange.isKnownCancelled());
        if (thrown instanceof InterruptedException interrupt) {
            throw interrupt; // it was meant for this thread, not for that handler
        }
    }

    Replies<R> replies() {
        return replies;
    }

    /// Takes in what has come, and learns whether anybody is still there. Never waits.
    void takeIn() {
        try {
            while (end == null && kept.size() + cancelled.size() < MAX_OPEN) {
                Request<Q> request = ends.tryReceive();
                if (request == null) {
                    return;
                }
                boolean _ = note(request);
            }
        } catch (RuntimeException failure) {
            end(failure);
        }
    }

    /// Waits for the next request, and takes it in; refuses one question too many.
    ///
    /// @return false if the limit came first
    boolean awaitNews(TimeLimit limit) throws InterruptedException {
        if (end != null) {
            return true;
        }
        Request<Q> request;
        try {
            request = limit.isFinite() ? ends.receive(limit.remaining()) : ends.receive();
        } catch (TimedOut _) {
            return false;
        } catch (RuntimeException failure) {
            end(failure);
            return true;
        }
        if (!note(request)) {
            replies.fail(((Ask<Q>) request).id(), Service.refusal());
        }
        return true;
    }

    /// The handler that runs is told by its exchange, the rest is for [#run].
    private void end(RuntimeException failure) {
        end = failure;
        InlineExchange<R> exchange = current;
        if (exchange != null) {
            exchange.cancel();
        }
    }

    /// Keeps a question, and passes on what concerns a call that is open. An id that is open
    /// already is not opened again.
    ///
    /// @return false if a question is one too many
    private boolean note(Request<Q> request) {
        return switch (request) {
            case Ask<Q> ask -> keep(ask);
            case Request.Cancel<Q> cancel -> {
                cancel(cancel.id());
                yield true;
            }
            case Request.More<Q> more -> {
                InlineExchange<R> exchange = current;
                if (exchange != null && exchange.id() == more.id()) {
                    exchange.grant(more.parts());
                }
                yield true;
            }
        };
    }

    private boolean keep(Ask<Q> ask) {
        InlineExchange<R> exchange = current;
        if ((exchange != null && exchange.id() == ask.id()) || kept.containsKey(ask.id())
                || cancelled.contains(ask.id())) {
            return true;
        }
        if (kept.size() + cancelled.size() >= MAX_OPEN) {
            return false;
        }
        kept.put(ask.id(), ask);
        return true;
    }

    private void cancel(long id) {
        InlineExchange<R> exchange = current;
        if (exchange != null && exchange.id() == id) {
            exchange.cancel();
        } else if (kept.remove(id) != null) {
            cancelled.add(id);
        }
    }
}
