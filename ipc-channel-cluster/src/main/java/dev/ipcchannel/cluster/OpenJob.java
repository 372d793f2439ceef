package dev.ipcchannel.cluster;

import dev.ipcchannel.NodeUnreachable;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.base.WorkFuture;
import dev.ipcchannel.worker.JobOptions;
import dev.ipcchannel.worker.TimeoutAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// A job at the process that has asked for it, which alone decides of each begin. Any thread.
///
/// Each begin is granted once: a try that asks again gets the same answer, and so many tries get a
/// grant at most as the job may be begun. The first end that is reported counts.
///
/// @param <R> the type of the answer
final class OpenJob<R> extends WorkFuture<R> {

    private final Asker<?, R> asker;
    private final Envelope envelope;
    private final JobOptions<R> options;
    private final Deadline deadline;
    private final InOrder listeners = new InOrder();

    private final ReentrantLock lock = new ReentrantLock();
    // Inside the lock.
    private final List<Try> tries = new ArrayList<>(1); // that got a grant
    private long sequence; // in the stream; 0 as long as it is not known
    private long nextPart;
    private boolean isOver;
    private boolean isLeft; // it has ended here, and perhaps not at its node

    OpenJob(Asker<?, R> asker, Envelope envelope, JobOptions<R> options) {
        this.asker = asker;
        this.envelope = envelope;
        this.options = options;
        Duration timeout = options.timeout();
        this.deadline = timeout == null ? Deadline.NEVER : Deadline.after(timeout);
    }

    String id() {
        return envelope.id();
    }

    Envelope envelope() {
        return envelope;
    }

    JobOptions<R> options() {
        return options;
    }

    Deadline deadline() {
        return deadline;
    }

    private int mostTries() {
        return envelope.isIdempotent() ? 2 : 1;
    }

    /// It is in the stream.
    ///
    /// @return whether it has ended meanwhile, and is to be removed
    boolean published(long place) {
        lock.lock();
        try {
            sequence = place;
            return isOver && tries.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Decides whether a try may begin the job.
    ToAsker.Reply decide(Try asked) {
        lock.lock();
        try {
            if (isOver) {
                return new ToAsker.Reply.Refused();
            }
            if (!tries.contains(asked)) {
                if (tries.size() == mostTries()) {
                    return envelope.isIdempotent() ? new ToAsker.Reply.Quarantined()
                            : new ToAsker.Reply.Refused();
                }
                tries.add(asked);
                nextPart = 0; // those of a job that is tried again come again
            }
            return new ToAsker.Reply.Begin(
                    deadline.isFinite() ? Math.max(0, deadline.remaining().toMillis()) : -1,
                    options.action() == TimeoutAction.RESTART);
        } finally {
            lock.unlock();
        }
    }

    /// Two workers have died of it, or were lost with it, and a third try has asked.
    void quarantined() {
        end(null, new WorkerDied(("this job was begun twice and ended neither time: job=%s: it is"
                + " in the quarantine of its set and is not tried again").formatted(id()), true,
                null, null), false);
    }

    /// Takes a part, unless it has come before.
    ///
    /// @return the position of the part that is awaited next
    long part(Try from, long position, byte[] bytes) {
        lock.lock();
        try {
            boolean isNext = !isOver && isCurrent(from) && position == nextPart;
            if (isNext) {
                nextPart++;
                var taker = options.onPart();
                if (taker != null) {
                    listeners.run(() -> taker.accept(asker.answer(bytes)));
                }
            }
            return isOver || !isCurrent(from) ? position + 1 : nextPart; // else it comes for ever
        } finally {
            lock.unlock();
        }
    }

    void step(ToAsker.Step step) {
        var listener = options.onProgress();
        if (listener != null && isCurrentNow(step.about())) {
            listeners.run(() -> listener.accept(asker.progress(step)));
        }
    }

    private boolean isCurrentNow(Try from) {
        lock.lock();
        try {
            return !isOver && isCurrent(from);
        } finally {
            lock.unlock();
        }
    }

    /// Inside the lock.
    private boolean isCurrent(Try from) {
        return !tries.isEmpty() && tries.getLast().equals(from);
    }

    /// A node reports its end. The first one counts.
    void ended(Ending ending) {
        switch (ending) {
            case Ending.Answered(byte[] value) -> end(value, null, false);
            case Ending.Done _ -> end(null, null, false);
            case Ending.Threw _,Ending.Died _,Ending.Failed _ ->
                    end(null, ending.exception(), false);
        }
    }

    /// A node was not heard of for long. Nothing happens to a job that another node may still get.
    ///
    /// @param since for how long
    void lost(String node, Duration since) {
        lock.lock();
        try {
            boolean isHere = !tries.isEmpty() && tries.getLast().node().equals(node);
            if (!isHere || tries.size() < mostTries()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        end(null, new NodeUnreachable(("node %s, which has begun this job, was not heard of for"
                + " %s: job=%s: whether it is done is not known; look at that machine and its"
                + " network").formatted(node, ShownTime.of(since), id()), true), true);
    }

    /// A node that has got a grant does not have the job any more. Nothing happens to a job that
    /// waits in the queue for another begin.
    ///
    /// @param isThere asks whether a message is still in the queue
    void dropped(Try by, LongPredicate isThere) {
        lock.lock();
        try {
            if (isOver || !isCurrent(by)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        if (envelope.isIdempotent() && (sequence() == 0 || isThere.test(sequence()))) {
            return;
        }
        if (isCurrentNow(by)) {
            end(null, new CancellationException(("node %s has dropped this job: job=%s: it was"
                    + " closed, or had heard nothing of this program for cancelledAfter=%s:"
                    + " whether the job is done is not known").formatted(by.node(), id(),
                            ShownTime.of(asker.cancelledAfter()))),
                    false);
        }
    }

    private long sequence() {
        lock.lock();
        try {
            return sequence;
        } finally {
            lock.unlock();
        }
    }

    /// Ends it if it is neither begun nor in the queue: nodes drop what waits for a process that
    /// they have not heard of for long.
    ///
    /// @param isThere asks whether a message is still in the queue
    void checkQueue(LongPredicate isThere) {
        long place = sequence();
        if (place != 0 && current() == null && !isThere.test(place) && current() == null) {
            end(null, new CancellationException(("this job was dropped before it was begun: job=%s:"
                    + " nodes had heard nothing of this program for cancelledAfter=%s")
                    .formatted(id(), ShownTime.of(asker.cancelledAfter()))), false);
        }
    }

    /// It ends here, for a reason that its node does not know.
    void fail(RuntimeException failure) {
        end(null, failure, true);
    }

    /// @param isLeftThere whether its node is to be notified
    private void end(byte @Nullable [] value, @Nullable RuntimeException failure,
            boolean isLeftThere) {
        if (isEndedNow(isLeftThere)) {
            listeners.run(() -> complete(value, failure));
        }
    }

    private boolean isEndedNow(boolean isLeftThere) {
        lock.lock();
        try {
            if (isOver) {
                return false;
            }
            isOver = true;
            isLeft = isLeftThere;
        } finally {
            lock.unlock();
        }
        asker.ended(this);
        return true;
    }

    private void complete(byte @Nullable [] value, @Nullable RuntimeException failure) {
        try {
            if (failure != null) {
                boolean _ = settle(null, failure);
            } else {
                boolean _ = settle(value == null ? null : asker.answer(value), null);
            }
        } catch (RuntimeException unreadable) {
            boolean _ = settle(null, unreadable);
        } finally {
            asker.completed();
        }
    }

    @Override
    protected boolean giveUp(@Nullable R value, @Nullable Throwable failure) {
        if (!isEndedNow(true)) {
            return false; // another thread is about to complete it
        }
        try {
            return settle(value, failure);
        } finally {
            asker.completed();
        }
    }

    /// The rest of a job that has ended here: its place in the stream, if it waits there, and the
    /// tries that may be at it.
    ///
    /// @param sequence 0 if it is not to be removed
    record Rest(long sequence, List<Try> running) {}

    Rest rest() {
        lock.lock();
        try {
            return new Rest(tries.isEmpty() ? sequence : 0,
                    isLeft ? List.copyOf(tries) : List.of());
        } finally {
            lock.unlock();
        }
    }

    /// The last try that has got a grant; null if none has.
    @Nullable
    Try current() {
        lock.lock();
        try {
            return tries.isEmpty() ? null : tries.getLast();
        } finally {
            lock.unlock();
        }
    }
}
