package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Relay;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The count of the jobs of a set that have ended and whose futures are still being completed, with
/// what depends on them: a drain and a close wait for that, but for completions on threads that are
/// in one themselves.
///
/// A job is counted inside the set's lock, when it ends there, and counted out by the thread that
/// has completed its future. That thread takes the lock again only where another one waits: it
/// counts first and looks at `quietAt` then, a waiting thread writes `quietAt` first and looks at
/// the count then, and as both are volatile, one of the two sees what the other has done.
///
/// A thread that has several to complete may be kept by what depends on one: a [Relay] has another
/// thread complete those after it. What depends on the jobs of one message may therefore run at the
/// same time. Each of these threads has a frame of its own, so that a drain on one of them leaves
/// out only what that thread itself completes.
@SuppressWarnings("ReferenceEquality") // sets are meant by identity
final class Completions {

    private static final ScopedValue<@Nullable Frame> INNERMOST = ScopedValue.newInstance();
    private static final int NEVER = -1;

    private final SetLock lock;
    private final AtomicInteger open = new AtomicInteger();
    private volatile int quietAt = NEVER; // with how many left a waiting thread is to be woken
    private final Relay<PendingJob<?, ?>> relay = new Relay<>(this::completeAll);

    // Inside the set's lock.
    private int waiting; // threads
    private int exempt; // completions on threads that wait

    Completions(SetLock lock) {
        this.lock = lock;
    }

    /// The completion of a job on a thread. What a dependent forks in a scope of its own counts as
    /// that thread.
    private static final class Frame {

        private final Completions owner;
        private final @Nullable Frame outer = innermost();
        private int waiting; // in a drain or a close; inside the lock of the owner's set

        Frame(Completions owner) {
            this.owner = owner;
        }
    }

    private static @Nullable Frame innermost() {
        return INNERMOST.isBound() ? INNERMOST.get() : null;
    }

    /// A future is to be completed, which ends with [#complete]. Inside the lock, where the job
    /// ends; a thread that completes a future before the one that has ended the job may come to it
    /// counts itself.
    void begin() {
        open.incrementAndGet();
    }

    /// Completes the future of a job. Outside the lock: what depends on the future runs here.
    void complete(PendingJob<?, ?> job) {
        if (job.isPrivate()) { // nothing depends on it that could ask for the frame
            settle(job, innermost());
        } else {
            Frame frame = new Frame(this);
            ScopedValue.where(INNERMOST, frame).run(() -> settle(job, frame.outer));
        }
    }

    /// The same for some, one after the other.
    void complete(List<PendingJob<?, ?>> jobs) {
        if (jobs.size() == 1) {
            complete(jobs.getFirst());
        } else {
            relay.run(new ConcurrentLinkedQueue<>(jobs));
        }
    }

    private void completeAll(Queue<PendingJob<?, ?>> jobs) {
        Frame frame = new Frame(this);
        ScopedValue.where(INNERMOST, frame).run(() -> { // once for all: it costs as much as a job
            for (var job = jobs.poll(); job != null; job = jobs.poll()) {
                settle(job, frame.outer);
            }
        });
    }

    /// @param outer the frame of the thread without this completion
    private void settle(PendingJob<?, ?> job, @Nullable Frame outer) {
        try {
            job.settle();
        } finally {
            int left = open.decrementAndGet(); // before the look at quietAt: see the class
            if (left <= quietAt) {
                // What follows the lock may complete others, and is no part of this completion.
                ScopedValue.where(INNERMOST, outer).run(this::wakeWaiting);
            }
        }
    }

    private void wakeWaiting() {
        lock.enter();
        lock.exit(); // which wakes the threads whose wait is over
    }

    /// That frame, or the next one around it, which is of this set.
    private @Nullable Frame own(@Nullable Frame from) {
        Frame frame = from;
        while (frame != null && frame.owner != this) {
            frame = frame.outer;
        }
        return frame;
    }

    /// The calling thread waits from now on: no thread waits for its own completions. Inside the
    /// lock.
    ///
    /// @return whether it completes a future of this set
    boolean beginWait() {
        Frame first = own(innermost());
        waiting++; // from here on nothing needs memory: all of it is counted, or none
        for (Frame frame = first; frame != null; frame = own(frame.outer)) {
            frame.waiting++;
            exempt += frame.waiting == 1 ? 1 : 0;
        }
        quietAt = exempt; // before the look at the count
        return first != null;
    }

    /// Inside the lock.
    ///
    /// @return what [#beginWait] has returned
    boolean endWait() {
        Frame first = own(innermost());
        waiting--;
        for (Frame frame = first; frame != null; frame = own(frame.outer)) {
            frame.waiting--;
            exempt -= frame.waiting == 0 ? 1 : 0;
        }
        quietAt = waiting == 0 ? NEVER : exempt;
        return first != null;
    }

    /// Whether all are completed, and what depended on them has returned, but for those of threads
    /// that wait. Inside the lock, by a thread that waits.
    boolean areOver() {
        return open.get() <= exempt;
    }
}
