package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A question that [Responder#receive] has given out, to be answered once, by any thread, now or
/// later.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
public final class Question<Q, R> extends SharedExchange<R> {

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Questions<Q, R> questions;
    private final Link<Reply<R>, ?> ends;
    private final long id;
    private final Q value;
    // Set inside the lock; taken back by the thread that has set it.
    private volatile boolean isAnswered;

    Question(Questions<Q, R> questions, Link<Reply<R>, ?> ends, long id, Q value) {
        this.questions = questions;
        this.ends = ends;
        this.id = id;
        this.value = value;
    }

    long id() {
        return id;
    }

    /// What is asked.
    public Q value() {
        return value;
    }

    /// Answers, waiting for room as long as the caller is there. To a call that is cancelled, or a
    /// caller that is gone, nothing is said.
    ///
    /// @throws IllegalStateException if it was answered before, in whatever way
    /// @throws InterruptedException if the thread is interrupted while it waits; then it is not
    /// answered
    public void answer(R answer) throws InterruptedException {
        Argument.given(answer, "answer");
        settle(answer, null);
    }

    /// Ends the answer without a last part. Throws what [#answer] throws.
    public void end() throws InterruptedException {
        settle(null, null);
    }

    /// Answers that it failed: the caller gets the type, message and stack of `thrown` as text, in
    /// a [dev.ipcchannel.CallFailed]. Throws what [#answer] throws.
    public void fail(Throwable thrown) throws InterruptedException {
        Argument.given(thrown, "thrown");
        settle(null, thrown);
    }

    private void settle(@Nullable R answer, @Nullable Throwable thrown)
            throws InterruptedException {
        begin();
        boolean isSettled = false;
        try {
            questions.settle(this, answer, thrown);
            isSettled = true;
        } catch (Disconnected | EndClosed _) { // the caller is gone
            isSettled = true;
        } finally {
            if (isSettled) {
                settled();
            } else {
                isAnswered = false; // interrupted: it can be tried again
            }
        }
    }

    @Override
    @Nullable
    String refusal() {
        return isAnswered ? "this question is answered" : null;
    }

    private void begin() {
        lock.lock();
        try {
            if (isAnswered) {
                throw new IllegalStateException("a question is answered once");
            }
            isAnswered = true;
        } finally {
            lock.unlock();
        }
    }

    /// Sends one part of the answer, unless nobody waits for it any more. Waits as [#send(Object)]
    /// does.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is sent
    public void sendIfOpen(R part) throws InterruptedException {
        try {
            send(part);
        } catch (CancellationException | Disconnected | EndClosed _) {
            // the thread that receives learns of it
        }
    }

    @Override
    public boolean isCancelled() {
        if (!standing.isOver()) {
            questions.takeIn();
        }
        return standing.isOver();
    }

    @Override
    void send(R part, Deadline limit) throws InterruptedException {
        Argument.given(part, "part");
        while (!takeCredit()) {
            if (limit.isPast()) {
                throw new TimedOut(limit.passed("the caller did not take enough parts"));
            }
            if (!questions.receiveOne(limit.atMost(SLICE_NANOS))) {
                awaitNews(limit); // another thread receives
            }
        }
        boolean isSent = false;
        try {
            isSent = sendPart(new Reply.Part<>(id, part), limit);
        } finally {
            if (!isSent) {
                grant(1);
            }
        }
        if (!isSent) {
            throw new TimedOut(limit.passed("no room for a part of an answer"));
        }
    }

    /// @return false if the limit came first
    private boolean sendPart(Reply.Part<R> part, Deadline limit) throws InterruptedException {
        boolean isSent = ends.trySend(part) == SendOutcome.SENT;
        while (!isSent && !limit.isPast()) {
            questions.takeIn(); // a cancel may be the reason why there is no room
            checkGoesOn();
            try {
                ends.send(part, limit.atMost(SLICE_NANOS));
                isSent = true;
            } catch (TimedOut _) { // looked at again
            }
        }
        return isSent;
    }

    private boolean takeCredit() {
        lock.lock();
        try {
            checkGoesOn();
            if (credit == 0) {
                return false;
            }
            credit--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews(Deadline limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = Math.min(SLICE_NANOS, limit.remainingNanos());
            while (credit == 0 && !standing.isOver() && nanos > 0) {
                nanos = news.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Its answer is not wanted any more, or cannot be sent.
    void end(Standing reason) {
        lock.lock();
        try {
            standing = standing.orElse(reason);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "Question[id=%d%s%s]".formatted(id, isAnswered ? ", answered" : "",
                standing.isOver() ? ", cancelled" : "");
    }
}
