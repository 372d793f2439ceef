package dev.ipcchannel.call;

import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Deadline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A call whose handler runs on the thread that serves, which alone may use this. What comes for it
/// may be taken in by another thread, the [CancelPoller].
///
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
final class InlineExchange<R> implements Exchange<R> {

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final VarHandle GRANTED = grantedHandle();

    private final InlineService<?, R> service;
    private final long id;
    private final Thread owner = Thread.currentThread();
    private int credit = Reply.WINDOW;
    private volatile int granted; // and not yet counted as credit
    private volatile Standing standing = Standing.OPEN;
    // By the thread that takes in; the owner sees it once the poller has ended.
    private boolean isInterrupted;
    private boolean isOver;
    private @Nullable CallResources resources;

    InlineExchange(InlineService<?, R> service, long id) {
        this.service = service;
        this.id = id;
    }

    private static VarHandle grantedHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(InlineExchange.class, "granted", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
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
        send(part, Deadline.NEVER);
    }

    @Override
    public void send(R part, Duration timeout) throws InterruptedException {
        send(part, Deadline.after(timeout));
    }

    private void send(R part, Deadline limit) throws InterruptedException {
        checkUse();
        checkGoesOn();
        while (credit == 0) {
            credit = (int) GRANTED.getAndSet(this, 0);
            if (credit == 0 && !service.awaitNews(limit)) {
                throw new TimedOut(limit.passed("the caller did not take enough parts"));
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
    private void sendWaiting(Reply.Part<R> reply, Deadline limit) throws InterruptedException {
        while (true) {
            service.takeIn();
            checkGoesOn();
            try {
                service.replies().ends().send(reply, limit.atMost(SLICE_NANOS));
                return;
            } catch (TimedOut _) {
                if (limit.isPast()) {
                    throw new TimedOut(limit.passed("no room for a part of an answer"));
                }
            }
        }
    }

    @Override
    public <T extends AutoCloseable> T closeWhenSent(T resource) {
        String misuse = misuse();
        if (misuse != null) {
            throw CallResources.tooLate(resource, misuse);
        }
        if (resources == null) {
            resources = new CallResources();
        }
        resources.add(resource);
        return resource;
    }

    /// Its answer is sent, or never will be.
    void settled() {
        if (resources != null) {
            resources.close();
        }
    }

    /// More parts may come. What nobody can need is not counted.
    void grant(int parts) {
        int before = granted;
        while (!GRANTED.compareAndSet(this, before, sum(before, parts))) {
            before = granted;
        }
    }

    /// Whether there is something to go on with, or that ends it.
    boolean hasNews() {
        return standing.isOver() || granted > 0;
    }

    /// What `credit` and `parts` are together, of which only what is sensible counts.
    static int sum(int credit, int parts) {
        return parts < 1 ? credit : (int) Math.min((long) credit + parts, Integer.MAX_VALUE);
    }

    /// Nobody waits for the answer any more: the handler is interrupted, unless it sees it by
    /// itself.
    void cancel() {
        end(Standing.CANCELLED);
        if (Thread.currentThread() != owner) {
            isInterrupted = true;
            owner.interrupt();
        }
    }

    /// The handler is to leave it. By the thread that takes in.
    void end(Standing reason) {
        standing = standing.orElse(reason);
    }

    /// Whether it goes on, as far as was seen by now.
    Standing standing() {
        return standing;
    }

    /// Whether its handler was interrupted by a cancel.
    boolean wasInterrupted() {
        return isInterrupted;
    }

    /// The handler has returned. An interrupt that was meant for it does not stay with the thread.
    void returned() {
        isOver = true;
        if (isInterrupted) {
            boolean _ = Thread.interrupted();
        }
    }

    private void checkGoesOn() {
        if (standing.isOver()) {
            throw standing.exception();
        }
    }

    private void checkUse() {
        String misuse = misuse();
        if (misuse != null) {
            throw new IllegalStateException(misuse);
        }
    }

    private @Nullable String misuse() {
        if (Thread.currentThread() != owner) {
            return "a call is used by its handler's thread, where that serves: caller="
                    + Thread.currentThread().getName();
        }
        return isOver ? "the handler of this call has returned" : null;
    }
}
