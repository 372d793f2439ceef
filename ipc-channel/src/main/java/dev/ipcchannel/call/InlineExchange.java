package dev.ipcchannel.call;

import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A call whose handler runs on the thread that serves, which alone may use this.
///
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
final class InlineExchange<R> implements Exchange<R> {

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final InlineService<?, R> service;
    private final long id;
    private final Thread owner = Thread.currentThread();
    private int credit = Reply.WINDOW;
    private Standing standing = Standing.OPEN;
    private volatile boolean isOver; // the one thing that another thread may look at

    InlineExchange(InlineService<?, R> service, long id) {
        this.service = service;
        this.id = id;
    }

    long id() {
        return id;
    }

    @Override
    public boolean isCancelled() {
        checkUse();
        if (!standing.isOver()) {
            service.takeIn();
        }
        return standing.isOver();
    }

    @Override
    public void send(R part) throws InterruptedException {
        send(part, TimeLimit.NONE);
    }

    @Override
    public void send(R part, Duration timeout) throws InterruptedException {
        send(part, TimeLimit.after(timeout));
    }

    private void send(R part, TimeLimit limit) throws InterruptedException {
        checkUse();
        checkGoesOn();
        while (credit == 0) {
            if (!service.awaitNews(limit)) {
                throw limit.timedOut("the caller did not take enough parts");
            }
            checkGoesOn();
        }
        Reply.Part<R> reply = new Reply.Part<>(id, part);
        if (service.replies().ends().trySend(reply) != SendOutcome.SENT) {
            sendWaiting(reply, limit);
        }
        credit--;
    }

    /// Waits for room, but looks for a cancel, which may be the reason why there is none.
    private void sendWaiting(Reply.Part<R> reply, TimeLimit limit) throws InterruptedException {
        while (true) {
            service.takeIn();
            checkGoesOn();
            try {
                service.replies().ends().send(reply, limit.atMost(SLICE_NANOS));
                return;
            } catch (TimedOut _) {
                if (limit.isPast()) {
                    throw limit.timedOut("no room for a part of an answer");
                }
            }
        }
    }

    /// More parts may come. What nobody can need is not counted.
    void grant(int parts) {
        credit = sum(credit, parts);
    }

    /// What `credit` and `parts` are together, of which only what is sensible counts.
    static int sum(int credit, int parts) {
        return parts < 1 ? credit : (int) Math.min((long) credit + parts, Integer.MAX_VALUE);
    }

    /// The handler is to leave it.
    void end(Standing reason) {
        standing = standing.orElse(reason);
    }

    /// Whether it goes on, as far as was seen by now.
    Standing standing() {
        return standing;
    }

    /// The handler has returned.
    void returned() {
        isOver = true;
    }

    private void checkGoesOn() {
        if (standing.isOver()) {
            throw standing.exception();
        }
    }

    private void checkUse() {
        if (isOver) {
            throw new IllegalStateException("the handler of this call has returned");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    "a call is used by its handler's thread, where that serves: caller=%s"
                            .formatted(Thread.currentThread().getName()));
        }
    }
}
