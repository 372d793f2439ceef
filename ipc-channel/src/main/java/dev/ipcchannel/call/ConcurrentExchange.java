package dev.ipcchannel.call;

import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Deadline;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A call whose handler runs on an executor; that handler may use it from any thread.
///
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
final class ConcurrentExchange<R> extends SharedExchange<R> {

    // Each slice encodes the part again: the longer it has waited, the fewer there are.
    private static final long FIRST_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Link<Reply<R>, ?> ends;
    private final long id;
    private final Runnable whenUnwanted;

    // Written inside the lock.
    private boolean hasBegun;
    private @Nullable Thread runner; // of the handler, while it runs
    private boolean isOver;

    /// @param whenUnwanted is run if the call is cancelled before a handler has its question
    ConcurrentExchange(Link<Reply<R>, ?> ends, long id, Runnable whenUnwanted) {
        this.ends = ends;
        this.id = id;
        this.whenUnwanted = whenUnwanted;
    }

    long id() {
        return id;
    }

    @Override
    public boolean isCancelled() {
        return standing.isOver();
    }

    @Override
    void send(R part, Deadline limit) throws InterruptedException {
        Reply.Part<R> reply = new Reply.Part<>(id, part);
        takeCredit(limit);
        boolean isSent = false;
        try {
            isSent = sendPart(reply, limit);
        } finally {
            if (!isSent) {
                grant(1);
            }
        }
        if (!isSent) {
            throw new TimedOut(limit.passed("no room for a part of an answer"));
        }
    }

    /// Waits for room, but looks whether the call goes on: only the handler's own thread is
    /// interrupted.
    ///
    /// @return false if the limit came first
    private boolean sendPart(Reply.Part<R> part, Deadline limit) throws InterruptedException {
        boolean isSent = ends.trySend(part) == SendOutcome.SENT;
        long slice = FIRST_SLICE_NANOS;
        while (!isSent && !limit.isPast()) {
            try {
                ends.send(part, limit.atMost(slice));
                isSent = true;
            } catch (TimedOut _) {
                slice = Math.min(2 * slice, LONGEST_SLICE_NANOS);
                checkStillGoesOn();
            }
        }
        return isSent;
    }

    private void checkStillGoesOn() {
        lock.lock();
        try {
            checkGoesOn();
        } finally {
            lock.unlock();
        }
    }

    private void takeCredit(Deadline limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            checkGoesOn();
            while (credit == 0) {
                if (news.awaitNanos(limit.remainingNanos()) <= 0 && limit.isPast()) {
                    throw new TimedOut(limit.passed("the caller did not take enough parts"));
                }
                checkGoesOn();
            }
            credit--;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    String refusal() {
        return isOver ? "the handler of this call has returned" : null;
    }

    /// The handler is to leave it, and is interrupted.
    void end(Standing reason) {
        boolean isUnwanted;
        lock.lock();
        try {
            isUnwanted = !standing.isOver() && !hasBegun;
            standing = standing.orElse(reason);
            news.signalAll();
            if (runner != null) {
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
        if (isUnwanted) {
            whenUnwanted.run();
        }
    }

    /// The calling thread runs the handler from here on.
    ///
    /// @return false if it need not any more
    boolean begin() {
        lock.lock();
        try {
            hasBegun = !standing.isOver();
            runner = hasBegun ? Thread.currentThread() : null;
            return hasBegun;
        } finally {
            lock.unlock();
        }
    }

    /// The handler has returned. An interrupt that was meant for it does not stay with the thread,
    /// which may be another task's next.
    void returned() {
        lock.lock();
        try {
            runner = null;
            isOver = true;
            news.signalAll();
            if (standing.isOver()) {
                boolean _ = Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }
}
