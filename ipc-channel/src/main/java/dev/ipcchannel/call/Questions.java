package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The source that gives questions out one by one, to be answered later by any thread.
///
/// Whoever waits for a question receives; so does, for a moment, a thread that asks whether its own
/// question is cancelled, and what that one comes across is kept.
///
/// Longer than other files: what may become of a question before it is given out stands here, to be
/// checked as one.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class Questions<Q, R> {

    private final Link<Reply<R>, Request<Q>> ends;
    private final Replies<R> replies;
    private final ReentrantLock receiving = new ReentrantLock(); // held by the thread that receives

    // Inside the next lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Question<Q, R>> open = new HashMap<>();
    private final ArrayDeque<Question<Q, R>> kept = new ArrayDeque<>(); // not yet given out
    private final SequencedMap<Long, RemoteFailure> unreadable = new LinkedHashMap<>();
    private boolean isClosed;
    private volatile @Nullable RuntimeException end; // why nothing more comes

    Questions(Link<Reply<R>, Request<Q>> ends) {
        this.ends = ends;
        this.replies = new Replies<>(ends);
    }

    /// Waits for the next question.
    ///
    /// @return null if the limit came first
    @Nullable
    Question<Q, R> next(Deadline limit) throws InterruptedException {
        if (!receiving.tryLock(limit.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            while (true) {
                answerUnreadable();
                Question<Q, R> question = takeKept();
                if (question != null) {
                    return question;
                }
                if (end != null) {
                    throw end;
                }
                if (!receive(limit)) {
                    return null;
                }
            }
        } finally {
            receiving.unlock();
        }
    }

    /// Answers questions that could not be read with what was wrong with them.
    private void answerUnreadable() throws InterruptedException {
        Map.Entry<Long, RemoteFailure> next = firstUnreadable();
        while (next != null) {
            replies.fail(next.getKey(), next.getValue()); // interrupted: the next one to receive does
            lock.lock();
            try {
                unreadable.remove(next.getKey());
            } finally {
                lock.unlock();
            }
            next = firstUnreadable();
        }
    }

    private Map.@Nullable Entry<Long, RemoteFailure> firstUnreadable() {
        lock.lock();
        try {
            return unreadable.firstEntry();
        } finally {
            lock.unlock();
        }
    }

    /// The oldest one that was kept. One that was cancelled before it was given out is ended here.
    private @Nullable Question<Q, R> takeKept() throws InterruptedException {
        while (true) {
            Question<Q, R> question;
            lock.lock();
            try {
                question = kept.poll();
            } finally {
                lock.unlock();
            }
            if (question == null || !question.standing().isOver()) {
                return question;
            }
            drop(question);
            end(question);
        }
    }

    private void end(Question<Q, R> question) throws InterruptedException {
        boolean isEnded = false;
        try {
            question.end();
            isEnded = true;
        } finally {
            if (!isEnded) { // interrupted: the next one to receive ends it
                lock.lock();
                try {
                    kept.addFirst(question);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /// Takes in what has come, unless another thread receives. Never waits.
    void takeIn() {
        if (!receiving.tryLock()) {
            return;
        }
        try {
            while (end == null && takeInOne()) {
                // what comes behind it
            }
        } finally {
            receiving.unlock();
        }
    }

    /// @return false if there was nothing
    private boolean takeInOne() {
        try {
            Request<Q> request = ends.tryReceive();
            if (request != null) {
                note(request);
            }
            return request != null;
        } catch (RuntimeException failure) {
            note(failure);
            return true;
        }
    }

    /// Takes in one thing, waiting for it no longer than `timeout`. Throws why nothing more comes,
    /// if that is so and questions are not cancelled for it.
    ///
    /// @return false if another thread receives, or waits to: it comes first, and may get a
    /// question
    boolean receiveOne(Duration timeout) throws InterruptedException {
        if (receiving.hasQueuedThreads() || !receiving.tryLock()) {
            return false;
        }
        try {
            RuntimeException over = end;
            if (over == null) {
                boolean _ = receive(Deadline.after(timeout));
            } else if (!isNobodyThere(over)) { // else the question knows
                throw AwaitedCall.again(over);
            }
            return true;
        } finally {
            receiving.unlock();
        }
    }

    /// @return false if the limit came first
    private boolean receive(Deadline limit) throws InterruptedException {
        try {
            note(limit.isFinite() ? ends.receive(limit.remaining()) : ends.receive());
            return true;
        } catch (TimedOut _) {
            return false;
        } catch (RuntimeException failure) {
            note(failure);
            return true;
        }
    }

    private void note(Request<Q> request) {
        switch (request) {
            case Request.Ask<Q> ask -> keep(ask);
            case Request.Cancel<Q> cancel -> {
                Question<Q, R> question = find(cancel.id());
                if (question != null) {
                    question.end(Standing.CANCELLED);
                }
            }
            case Request.More<Q> more -> {
                Question<Q, R> question = find(more.id());
                if (question != null) {
                    question.grant(more.parts());
                }
            }
        }
    }

    /// Keeps a question to be given out. An id that is open is not opened again, and one question
    /// too many is a breach: nobody who means well gets there.
    private void keep(Request.Ask<Q> ask) {
        boolean isKept = false;
        lock.lock();
        try {
            checkRoom();
            Question<Q, R> question = new Question<>(this, ends, ask.id(), ask.question());
            isKept = !isClosed && open.putIfAbsent(ask.id(), question) == null;
            if (isKept) {
                kept.add(question);
            }
        } finally {
            lock.unlock();
            if (!isKept) {
                ends.drop(ask);
            }
        }
    }

    private void drop(Question<Q, R> question) {
        ends.drop(new Request.Ask<>(question.id(), question.value()));
    }

    /// Gives out no more of those that were kept, since the ends are closed, or nobody is there to
    /// be answered.
    void close() {
        Standing stopped = Standing.stopped(end);
        List<Question<Q, R>> left;
        lock.lock();
        try {
            isClosed = true;
            open.values().forEach(question -> question.end(stopped));
            left = List.copyOf(kept);
            kept.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(this::drop);
    }

    /// Inside the lock.
    private void checkRoom() {
        if (open.size() + unreadable.size() >= Service.MAX_OPEN) {
            throw new ProtocolViolation("the other side has more calls open than it may: limit="
                    + Service.MAX_OPEN);
        }
    }

    /// Keeps a question that could not be read, to be answered with that. Anything else is the end.
    private void note(RuntimeException failure) {
        Long id = Service.unreadable(failure);
        if (id == null) {
            end(failure);
            return;
        }
        lock.lock();
        try {
            checkRoom();
            if (!open.containsKey(id)) {
                RemoteFailure _ = unreadable.putIfAbsent(id,
                        RemoteFailure.withoutStack(failure));
            }
        } catch (ProtocolViolation flood) {
            end(flood);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Question<Q, R> find(long id) {
        lock.lock();
        try {
            return open.get(id);
        } finally {
            lock.unlock();
        }
    }

    /// Says what became of a question.
    void settle(Question<Q, R> question, @Nullable R answer, @Nullable Throwable thrown)
            throws InterruptedException {
        replies.settle(question.id(), answer, thrown, question.standing());
        lock.lock();
        try {
            open.remove(question.id());
        } finally {
            lock.unlock();
        }
    }

    private static boolean isNobodyThere(RuntimeException end) {
        return end instanceof Disconnected || end instanceof EndClosed;
    }

    /// Nothing more comes, and nobody waits for the answers to what was given out.
    private void end(RuntimeException failure) {
        end = failure;
        if (isNobodyThere(failure)) {
            close();
        }
    }
}
