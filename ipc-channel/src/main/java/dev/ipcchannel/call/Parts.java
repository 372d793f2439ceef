package dev.ipcchannel.call;

import dev.ipcchannel.EndClosed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// An answer that comes in parts, in the order in which they were sent.
///
/// Parts come as they are taken: the other side is at most [Reply#WINDOW] ahead, then its handler
/// waits. One thread takes parts at a time; any may close. Parts that are not taken to their end
/// are closed, which cancels the call on the other side.
///
/// @param <R> the type of the parts
public final class Parts<R> implements AutoCloseable {

    private static final int LEAST_GRANT = Reply.WINDOW / 2;

    private final Reception<?, R> reception;
    private final PartsCall<R> call;
    private final AtomicBoolean isInUse = new AtomicBoolean();
    private int taken; // since the last grant; by who uses it
    private volatile boolean isClosed;

    Parts(Reception<?, R> reception, PartsCall<R> call) {
        this.reception = reception;
        this.call = call;
    }

    /// Takes the next part, waiting for it as long as one can come.
    ///
    /// @return null if there are no more
    /// @throws dev.ipcchannel.CallFailed if the handler failed; the parts before it are taken first
    /// @throws dev.ipcchannel.Disconnected if the responder is gone
    /// @throws EndClosed if this or its caller is closed, before or while it waits
    /// @throws dev.ipcchannel.ProtocolViolation if more parts came than were granted
    /// @throws dev.ipcchannel.ResourceExhausted if the other side cannot be asked for more parts,
    /// for lack of memory or descriptors; nothing is lost, and the next call tries again
    /// @throws IllegalStateException if another thread is taking one
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
    public @Nullable R next() throws InterruptedException {
        return next(TimeLimit.NONE);
    }

    /// Takes the next part, waiting no longer than `timeout`. Throws what [#next()] throws.
    ///
    /// @return null if there are no more
    /// @throws dev.ipcchannel.TimedOut if none came in time; the call goes on
    public @Nullable R next(Duration timeout) throws InterruptedException {
        return next(TimeLimit.after(timeout));
    }

    private @Nullable R next(TimeLimit limit) throws InterruptedException {
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
                    checkOpen(); // a close cancels, and what ends a cancelled call is no complete answer
                    call.checkEnd(reception::otherSide);
                    return null;
                }
                if (!grant(limit) || !reception.await(call, limit)) {
                    throw limit.timedOut("no part of an answer came from",
                            reception.otherSide());
                }
            }
        } finally {
            isInUse.set(false);
        }
    }

    /// Grants as many as were taken, once they are many, if there is room to say so now.
    private void grant() {
        if (taken >= LEAST_GRANT && reception.tryGrant(call, taken)) {
            taken = 0;
        }
    }

    /// The same when none is left to take: it may be that the other side waits.
    ///
    /// @return false if the limit came first
    private boolean grant(TimeLimit limit) throws InterruptedException {
        if (taken >= LEAST_GRANT) {
            if (!reception.grant(call, taken, limit)) {
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

    /// Wants no more parts, and says so to the other side; ends in those that are dropped are
    /// closed. Never waits. The second and later closes do nothing.
    ///
    /// A thread that waits for a part gets [EndClosed], at the latest when the other side has ended
    /// the call.
    @Override
    public void close() {
        isClosed = true;
        call.dropRest();
        reception.giveUp(call);
    }
}
