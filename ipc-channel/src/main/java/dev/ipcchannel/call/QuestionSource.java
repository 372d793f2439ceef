package dev.ipcchannel.call;

import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.DeepLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The source of a connection's questions: one thread at a time receives, and gets the next one, or
/// takes in what has come while it waits for something else.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class QuestionSource<Q, R> {

    /// A long handler's questions to come are left to the channel but for a few: they are not
    /// small, perhaps, and nothing else keeps callers from asking more. As many as a worker of a
    /// set gets ahead, so that the wish to have them back is seen.
    private static final int MAX_AHEAD = 256;

    /// A thread with a question keeps others from receiving no longer than that, and looks for a
    /// change after that where it waits for room.
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    // Each slice encodes the part again: the longer it has waited, the fewer there are.
    private static final long LONGEST_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Link<Reply<R>, Request<Q>> ends;
    private final Way way;
    private final Questions<Q, R> questions;
    // Held by the thread that receives. A handler may come for it near the end of its stack.
    private final ReentrantLock receiving = new DeepLock();

    QuestionSource(Link<Reply<R>, Request<Q>> ends, Way way) {
        this.ends = ends;
        this.way = way;
        this.questions = new Questions<>(this, ends, way);
    }

    Way way() {
        return way;
    }

    /// Those that are open.
    Questions<Q, R> questions() {
        return questions;
    }

    /// Waits for the next question, which is taken then. One that was kept comes even after the
    /// end, unless that has stopped it.
    ///
    /// @return null if the limit came first
    @Nullable
    OpenQuestion<Q, R> next(Deadline limit) throws InterruptedException {
        if (!receiving.tryLock(limit.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            while (true) {
                questions.owed().send(limit);
                OpenQuestion<Q, R> question = questions.firstKept();
                if (question == null) {
                    question = receive(limit);
                }
                if (question != null && questions.take(question)) {
                    return question;
                }
            }
        } catch (TimedOut _) {
            return null;
        } finally {
            leave();
        }
    }

    /// @return null if it is none that can be taken
    private @Nullable OpenQuestion<Q, R> receive(Deadline limit) throws InterruptedException {
        RuntimeException over = questions.end();
        if (over != null) {
            throw over;
        }
        try {
            return questions.opened(await(limit));
        } catch (TimedOut late) {
            throw late;
        } catch (RuntimeException failure) {
            questions.note(failure, RemoteFailure.of(failure));
        }
        return null;
    }

    private Request<Q> await(Deadline limit) throws InterruptedException {
        return limit.isFinite() ? ends.receive(limit.remaining()) : ends.receive();
    }

    /// Takes in what has come, unless another thread receives. Never waits for more, and does not
    /// stay for all that a flood brings.
    ///
    /// Questions beyond the limit are refused, so that what lies after them is seen: a cancel is
    /// missed only as long as the caller does not take the refusal.
    void takeIn() {
        if (tryReceiving()) {
            try {
                takeIn(Service.MAX_OPEN);
            } finally {
                leave();
            }
        }
    }

    /// Takes in a little, for a handler that keeps the thread that serves, and says what can be
    /// said of it: that a question which its caller wants back is ended. Never waits.
    void takeInAhead() {
        if (receiving.tryLock()) {
            try {
                takeIn(MAX_AHEAD);
                questions.owed().trySendEnds();
            } finally {
                leave();
            }
        }
    }

    /// @param ahead so many questions may be kept before it stops
    private void takeIn(int ahead) {
        for (int i = 0; i < Service.MAX_OPEN && questions.waiting() <= ahead
                && questions.end() == null; i++) {
            try {
                Request<Q> request =
                        questions.owed().trySendRefusal() ? ends.tryReceive() : null;
                if (request == null) {
                    return;
                }
                questions.note(request);
            } catch (RuntimeException failure) {
                questions.note(failure, RemoteFailure.withoutStack(failure));
            } catch (OutOfMemoryError failure) {
                questions.lose(failure);
            }
        }
    }

    /// Sends a part of an answer once its caller has granted it and there is room.
    void send(OpenQuestion<Q, R> question, R part, Deadline limit) throws InterruptedException {
        Reply.Part<R> reply = new Reply.Part<>(question.id(), part);
        question.checkGoesOn();
        while (!question.takeCredit()) {
            if (limit.isPast()) {
                throw new TimedOut(limit.passed("the caller did not take enough parts"));
            }
            awaitChange(question, limit);
            question.checkGoesOn();
        }
        boolean isSent = false;
        try {
            isSent = send(question, reply, limit);
        } finally {
            if (!isSent) {
                question.grant(1);
            }
        }
        if (!isSent) {
            throw new TimedOut(limit.passed("no room for a part of an answer"));
        }
    }

    /// Waits for room, but looks for a cancel, which may be the reason why there is none.
    ///
    /// @return false if the limit came first
    private boolean send(OpenQuestion<Q, R> question, Reply.Part<R> part, Deadline limit)
            throws InterruptedException {
        boolean isSent = ends.trySend(part) == SendOutcome.SENT;
        long slice = MOMENT_NANOS;
        while (!isSent && !limit.isPast()) {
            takeIn();
            question.checkGoesOn();
            try {
                ends.send(part, limit.atMost(slice));
                isSent = true;
            } catch (TimedOut _) {
                slice = Math.min(2 * slice, LONGEST_SLICE_NANOS);
            }
        }
        return isSent;
    }

    /// Waits until something has come for a question, or for another one, or for a moment. Throws
    /// why nothing more comes, if that is so and has not stopped the question.
    private void awaitChange(OpenQuestion<Q, R> question, Deadline limit)
            throws InterruptedException {
        Deadline moment = way == Way.LATER ? Deadline.after(limit.atMost(MOMENT_NANOS)) : limit;
        if (!tryReceiving()) {
            question.awaitChange(moment.remainingNanos());
            return;
        }
        try {
            if (!question.canProceed()) {
                receiveChange(moment);
            }
        } finally {
            leave();
        }
    }

    private void receiveChange(Deadline limit) throws InterruptedException {
        RuntimeException over = questions.end();
        if (over != null) {
            throw AwaitedCall.again(over);
        }
        try {
            questions.owed().sendRefusal(limit);
            questions.note(await(limit));
            questions.owed().trySendEnds();
        } catch (TimedOut _) {
            // the thread that waits looks at its own limit
        } catch (RuntimeException failure) {
            questions.note(failure, RemoteFailure.withoutStack(failure));
        }
    }

    /// Begins to receive for a thread that has a question.
    ///
    /// @return false if another thread receives, or waits to, and sees to what comes
    private boolean tryReceiving() {
        return switch (way) {
            case INLINE -> {
                receiving.lock(); // the other one has it for a look, see CancelPoller
                yield true;
            }
            case EXECUTOR -> false;
            case LATER -> !receiving.hasQueuedThreads() && receiving.tryLock();
        };
    }

    /// Receives no more. A close that met this thread has left it what was kept.
    private void leave() {
        receiving.unlock();
        if (questions.isClosed()) { // after the unlock: close() has it the other way round
            dropKept();
        }
    }

    /// Stops all questions, and drops those that were not taken. The second and later closes do
    /// nothing.
    ///
    /// @param reason why, where it is another one than the end of what comes
    void close(@Nullable Throwable reason) {
        questions.close(reason);
        dropKept();
    }

    /// Where another thread receives, that one does so when it leaves.
    private void dropKept() {
        if (way == Way.INLINE) {
            receiving.lock(); // but for a look, it is free
        } else if (!receiving.tryLock()) {
            return;
        }
        try {
            questions.dropKept();
        } finally {
            receiving.unlock();
        }
    }
}
