package dev.ipcchannel.call;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The parts of an answer as its [ReplyDispatcher] receives them.
///
/// @param <R> the type of the parts
final class ReceivedParts<R> implements Parts<R> {

    private static final int LEAST_GRANT = Reply.WINDOW / 2;

    private final ReplyDispatcher<?, R> dispatcher;
    private final PartsCall<R> call;
    private final AtomicBoolean isInUse = new AtomicBoolean();
    private int taken; // since the last grant; by the thread that uses it
    private volatile boolean isClosed;

    ReceivedParts(ReplyDispatcher<?, R> dispatcher, PartsCall<R> call) {
        this.dispatcher = dispatcher;
        this.call = call;
    }

    @Override
    public @Nullable R next() throws InterruptedException {
        return next(Deadline.NEVER);
    }

    @Override
    public @Nullable R next(Duration timeout) throws InterruptedException {
        return next(Deadline.after(timeout));
    }

    private @Nullable R next(Deadline limit) throws InterruptedException {
        if (!isInUse.compareAndSet(false, true)) {
            throw new IllegalStateException("parts are taken by one thread at a time");
        }
        try {
            while (true) {
                checkOpen();
                boolean isOver = call.isOver(); // before the look for parts: none comes after it
                R part = call.poll();
                if (part != null) {
                    taken++;
                    grant();
                    return part;
                }
                if (isOver) {
                    checkOpen(); // a cancelled call has no complete answer
                    call.checkEnd(dispatcher::otherSide);
                    return null;
                }
                if (!grant(limit) || !dispatcher.await(call, limit)) {
                    throw dispatcher.timedOut("no part of an answer came", " from ", limit);
                }
            }
        } finally {
            isInUse.set(false);
        }
    }

    /// Grants as many as were taken, once they are many, if there is room to say so now.
    private void grant() {
        if (taken >= LEAST_GRANT && dispatcher.tryGrant(call, taken)) {
            taken = 0;
        }
    }

    /// The same when none is left to take: it may be that the other side waits.
    ///
    /// @return false if the limit came first
    private boolean grant(Deadline limit) throws InterruptedException {
        if (taken >= LEAST_GRANT) {
            if (!dispatcher.grant(call, taken, limit)) {
                return false;
            }
            taken = 0;
        }
        return true;
    }

    private void checkOpen() {
        if (isClosed) {
            throw new EndClosed("these parts were closed");
        }
    }

    @Override
    public void close() {
        isClosed = true;
        call.dropRest();
        dispatcher.giveUp(call);
    }
}
