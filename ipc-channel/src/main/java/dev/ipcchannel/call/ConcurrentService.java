package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.call.Request.Ask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A service whose handlers run on an executor, while this thread receives.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class ConcurrentService<Q, R> implements Service {

    private final Link<Reply<R>, Request<Q>> ends;
    private final Handler<Q, R> handler;
    private final Executor executor;
    private final Replies<R> replies;
    private final ConcurrentMap<Long, ConcurrentExchange<R>> open = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Throwable> unsent = new AtomicReference<>();

    ConcurrentService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler,
            Executor executor) {
        this.ends = ends;
        this.handler = handler;
        this.executor = executor;
        this.replies = new Replies<>(ends);
    }

    @Override
    public void run() throws InterruptedException {
        Throwable reason = null;
        try {
            while (true) {
                receive();
            }
        } catch (Disconnected | EndClosed gone) {
            reason = gone; // the callers are gone, or one cannot be answered
            throwUnsent();
        } catch (Throwable failure) {
            reason = failure;
            throw failure;
        } finally {
            Standing stopped = Standing.stopped(reason);
            open.values().forEach(exchange -> exchange.end(stopped));
        }
    }

    /// Throws what a handler's thread met when it could not even send that a call has failed.
    private void throwUnsent() {
        switch (unsent.get()) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {
                // every call that is over was answered
            }
        }
    }

    /// A question that cannot be read is answered with that.
    private void receive() throws InterruptedException {
        Request<Q> request;
        try {
            request = ends.receive();
        } catch (IpcException failure) {
            Long id = Service.unreadable(failure);
            if (id == null) {
                throw failure;
            }
            if (!open.containsKey(id)) {
                replies.fail(id, failure);
            }
            return;
        }
        note(request);
    }

    private void note(Request<Q> request) throws InterruptedException {
        switch (request) {
            case Ask<Q> ask -> begin(ask);
            case Request.Cancel<Q> cancel -> {
                ConcurrentExchange<R> exchange = open.get(cancel.id());
                if (exchange != null) {
                    exchange.end(Standing.CANCELLED);
                }
            }
            case Request.More<Q> more -> {
                ConcurrentExchange<R> exchange = open.get(more.id());
                if (exchange != null) {
                    exchange.grant(more.parts());
                }
            }
        }
    }

    private void begin(Ask<Q> ask) throws InterruptedException {
        if (open.size() >= MAX_OPEN) {
            ends.drop(ask);
            replies.fail(ask.id(), Service.refusal());
            return;
        }
        ConcurrentExchange<R> exchange =
                new ConcurrentExchange<>(ends, ask.id(), () -> ends.drop(ask));
        if (open.putIfAbsent(ask.id(), exchange) != null) {
            ends.drop(ask); // an id that is open already is not opened again
            return;
        }
        try {
            executor.execute(() -> handle(ask.question(), exchange));
        } catch (RuntimeException | Error rejected) { // an Error if there can be no more threads
            open.remove(ask.id());
            exchange.end(Standing.stopped(rejected));
            replies.fail(ask.id(), rejected);
        }
    }

    private void handle(Q question, ConcurrentExchange<R> exchange) {
        R value = null;
        Throwable thrown = null;
        if (exchange.begin()) {
            try {
                value = handler.answer(question, exchange);
            } catch (Throwable failure) { // errors too: the caller is to know
                thrown = failure;
            } finally {
                exchange.returned();
            }
        }
        open.remove(exchange.id());
        try {
            settle(exchange, value, thrown);
        } finally {
            exchange.settled();
        }
    }

    /// Sends the last reply, whatever interrupts: a caller waits for it, and the wait ends with
    /// that caller, or when the responder is closed. Where none can be sent the ends are closed: so
    /// the caller does not wait for ever, and [#run] says why.
    private void settle(ConcurrentExchange<R> exchange, @Nullable R value,
            @Nullable Throwable thrown) {
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    replies.settle(exchange.id(), value, thrown, exchange.standing());
                    return;
                } catch (InterruptedException _) {
                    isInterrupted = true;
                }
            }
        } catch (Disconnected | EndClosed _) {
            // the caller is gone
        } catch (RuntimeException | Error failure) {
            if (unsent.compareAndSet(null, failure)) { // first: the close wakes the one who looks
                ends.close();
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
