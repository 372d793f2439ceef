package dev.ipcchannel.call;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.internal.base.Deadline;
import org.jspecify.annotations.Nullable;

/// The sender of the one last reply to each question. Any number of threads may use it.
///
/// @param <R> the type of the answers
final class Replies<R> {

    private final Link<Reply<R>, ?> ends;

    Replies(Link<Reply<R>, ?> ends) {
        this.ends = ends;
    }

    /// Sends an answer, or without one the end; a failure in its place if it cannot be sent, for
    /// what is in it, say, an end that is closed. Where it is the link that is closed, the failure
    /// meets the same.
    void answer(long id, @Nullable R value) throws InterruptedException {
        if (value == null) {
            end(id);
            return;
        }
        try {
            ends.send(new Reply.Answer<>(id, value));
        } catch (RuntimeException unsendable) {
            replaceAnswer(id, value, () -> fail(id, unsendable));
        }
    }

    /// The sending of a reply.
    private interface Sending {

        void run() throws InterruptedException;
    }

    /// Sends a reply in place of an answer, and then closes the ends in that answer. An interrupt
    /// leaves them open: the caller tries again.
    private void replaceAnswer(long id, @Nullable R unsent, Sending reply)
            throws InterruptedException {
        try {
            reply.run();
        } catch (RuntimeException | Error failure) {
            dropUnsent(id, unsent);
            throw failure;
        }
        dropUnsent(id, unsent);
    }

    private void dropUnsent(long id, @Nullable R unsent) {
        if (unsent != null) {
            ends.dropUnsent(new Reply.Answer<>(id, unsent));
        }
    }

    /// Sends an end if there is room now. Never waits.
    ///
    /// @return false if there is none
    boolean tryEnd(long id) {
        return ends.trySend(new Reply.End<>(id)) == SendOutcome.SENT;
    }

    void end(long id) throws InterruptedException {
        end(id, Deadline.NEVER);
    }

    /// @param limit of the wait for room, which throws [dev.ipcchannel.TimedOut]
    void end(long id, Deadline limit) throws InterruptedException {
        send(new Reply.End<>(id), limit);
    }

    /// Sends what a handler threw.
    void fail(long id, Throwable thrown) throws InterruptedException {
        fail(id, RemoteFailure.of(thrown), Deadline.NEVER);
    }

    /// Sends a failure, in fewer words where those do not fit.
    ///
    /// @param limit of the wait for room, which throws [dev.ipcchannel.TimedOut]
    void fail(long id, RemoteFailure failure, Deadline limit) throws InterruptedException {
        if (!couldSend(id, failure, limit) && !couldSend(id, failure.withoutStack(), limit)) {
            send(new Reply.Failed<>(id, failure.brief()), limit);
        }
    }

    private boolean couldSend(long id, RemoteFailure failure, Deadline limit)
            throws InterruptedException {
        try {
            send(new Reply.Failed<>(id, failure), limit);
            return true;
        } catch (CodecFailed | MessageTooLarge | ResourceExhausted _) {
            return false;
        }
    }

    /// Sends a reply.
    ///
    /// @param limit of the wait for room, which throws [dev.ipcchannel.TimedOut]
    void send(Reply<R> reply, Deadline limit) throws InterruptedException {
        if (limit.isFinite()) {
            ends.send(reply, limit.remaining());
        } else {
            ends.send(reply);
        }
    }

    /// Sends what became of a call.
    ///
    /// @param thrown what the handler threw, if anything
    /// @param standing the call's: of one that is over for another reason than its caller's cancel
    /// the answer may be incomplete, so it has failed
    void settle(long id, @Nullable R value, @Nullable Throwable thrown, Standing standing)
            throws InterruptedException {
        if (standing.isEndAwaited()) {
            replaceAnswer(id, value, () -> end(id));
        } else if (standing.isOver()) {
            replaceAnswer(id, value, () -> fail(id, thrown == null
                    || thrown instanceof InterruptedException ? standing.exception() : thrown));
        } else if (thrown != null) {
            fail(id, thrown);
        } else {
            answer(id, value);
        }
    }
}
