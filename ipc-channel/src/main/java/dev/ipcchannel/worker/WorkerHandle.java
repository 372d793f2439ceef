package dev.ipcchannel.worker;

import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.job.Affinity;
import dev.ipcchannel.internal.job.AgingQueue;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Pace;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.internal.job.WaitingJobs;
import dev.ipcchannel.worker.Batch.Attempt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SequencedCollection;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A worker of a set: its process, its state, the jobs that it has in hand. What changes is used
/// inside the set's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // batches are meant by identity
final class WorkerHandle<Q, R> implements WaitingJobs.Worker<PendingJob<Q, R>> {

    private final int number;
    private final WorkerProcess<Q, R> process;
    private final long readyNanos = System.nanoTime();

    private final ArrayDeque<Attempt<Q, R>> running = new ArrayDeque<>(2); // in their order
    private final AgingQueue<PendingJob<Q, R>> own = new AgingQueue<>();
    private int keys;
    private volatile boolean isSendingAwaited;
    private final @Nullable Marks marks;
    private long epoch = 1; // our mark
    private long lastNumber; // of a job that goes in a batch
    private volatile long lastReported; // as begun, where there are no marks
    private final ReentrantLock sending = new ReentrantLock(); // never with the set's lock in it
    private long lastSent; // place of a batch; inside that lock
    private volatile boolean takesBatches;
    private WorkerSnapshot.State state = WorkerSnapshot.State.SPARE;
    private boolean isFree; // stands among those that get jobs
    private @Nullable ScheduledFuture<?> ageAlarm;
    private boolean isInDoubt;
    private final Pace pace = new Pace();
    private long taken;
    private String reason = ""; // why it gets no more jobs
    private long done;
    private long begunAndDone; // of these, those that it had begun
    private long doneBefore; // the last look; -1 if it has begun its first job since
    private boolean isStanding; // with a job
    private boolean isMeasured; // its memory, now or soon
    private long measuredNanos = readyNanos; // the last time
    private long takenBefore; // the last look whether it is idle
    private long idleNanos = readyNanos; // it had no job since then, as far as was seen

    WorkerHandle(int number, WorkerProcess<Q, R> process) {
        this.number = number;
        this.process = process;
        this.marks = process.marks();
        if (marks != null) {
            marks.set(epoch);
        }
    }

    WorkerProcess<Q, R> process() {
        return process;
    }

    boolean is(WorkerSnapshot.State other) {
        return state == other;
    }

    /// Whether it takes jobs, or is ready to.
    boolean isInService() {
        return state == WorkerSnapshot.State.ACTIVE || state == WorkerSnapshot.State.SPARE;
    }

    void become(WorkerSnapshot.State next) {
        state = next;
    }

    SequencedCollection<Attempt<Q, R>> running() {
        return running;
    }

    @Override
    public AgingQueue<PendingJob<Q, R>> own() {
        return own;
    }

    @Override
    public boolean isActive() {
        return state == WorkerSnapshot.State.ACTIVE;
    }

    @Override
    public void countKeys(int change) {
        keys += change;
    }

    @Override
    public int keys() {
        return keys;
    }

    /// Whether a job of its own has to wait until another thread has sent one of the same key. That
    /// thread looks at this word after it has set its own, and this one looks at that again.
    void awaitSending(boolean isAwaited) {
        isSendingAwaited = isAwaited;
    }

    boolean isSendingAwaited() {
        return isSendingAwaited;
    }

    /// It has said that it takes batches of jobs.
    void setTakesBatches() {
        takesBatches = true;
    }

    /// Whether it takes batches of jobs.
    boolean takesBatches() {
        return takesBatches;
    }

    /// The number of the job in a batch that it has begun last: by its mark, or by its report.
    long lastBegun() {
        return marks == null ? lastReported : marks.other();
    }

    /// Notes its report that it begins the job with that number.
    void begins(long number) {
        lastReported = number;
    }

    /// Has it begin none of the jobs that it has now, but for one that it begins at this moment:
    /// [#lastBegun] says which.
    void endEpoch() {
        epoch++;
        if (marks != null) {
            marks.set(epoch);
        }
    }

    /// Whether it may begin the jobs of a batch yet.
    boolean isOfThisEpoch(Batch<Q, R> batch) {
        return batch.epoch() == epoch;
    }

    /// By [Roster] alone.
    boolean isFree() {
        return isFree;
    }

    void setFree(boolean free) {
        isFree = free;
    }

    /// Gets some jobs: one, or as many as it may take at once.
    Batch<Q, R> take(List<PendingJob<Q, R>> jobs) {
        // Without marks, one that goes alone is said to be begun by a message of its own.
        boolean isNumbered = takesBatches && (marks != null || jobs.size() > 1);
        Batch<Q, R> batch = new Batch<>(this, jobs, isNumbered ? lastNumber + 1 : Batch.NONE,
                isNumbered && marks != null ? epoch : Batch.NONE);
        if (running.isEmpty()) {
            doneBefore = -1;
        }
        running.addAll(batch.attempts());
        for (PendingJob<Q, R> job : jobs) {
            Affinity<?> affinity = job.affinity();
            if (affinity != null) {
                affinity.give(batch);
            }
        }
        lastNumber += jobs.size();
        taken += jobs.size();
        return batch;
    }

    /// Sends a batch if there is room. Batches get their places in the order in which they are
    /// sent, which is not that of their numbers where two threads send; outside of the set's lock.
    ///
    /// @return null if there is no room
    @Nullable
    ObservedCall<Outcome<R>> trySend(Task<Q> task, Batch<Q, R> batch) {
        sending.lock();
        try {
            batch.setOrder(++lastSent); // first: the worker may begin it before this returns
            ObservedCall<Outcome<R>> call = batch.caller().tryObserve(task, batch);
            if (call == null) {
                batch.setUnsent();
            }
            return call;
        } finally {
            sending.unlock();
        }
    }

    /// Whether it has begun a batch and has another one after it.
    boolean hasTwoBatches() {
        return !running.isEmpty()
                && running.getFirst().batch() != running.getLast().batch();
    }

    /// The job is not this worker's any more.
    ///
    /// @return false if it was not before
    boolean remove(Attempt<Q, R> attempt) {
        boolean wasRunning = running.remove(attempt);
        Affinity<?> affinity = attempt.job().affinity();
        if (wasRunning && affinity != null) {
            affinity.endOne();
        }
        return wasRunning;
    }

    /// The same for some.
    void removeAll(List<Attempt<Q, R>> attempts) {
        attempts.forEach(this::remove);
    }

    /// The job is not this worker's any more, and was not begun: it counts for nothing.
    void giveBack(Attempt<Q, R> attempt) {
        if (remove(attempt)) {
            taken--;
        }
    }

    /// Counts a job that it has ended. One that it had not begun says nothing of how it gets on.
    void ended(Attempt<Q, R> attempt) {
        boolean _ = remove(attempt);
        done++;
        if (attempt.hasStarted()) {
            begunAndDone++;
            isStanding = false;
        }
    }

    /// What rings when it has come of age.
    void setAgeAlarm(ScheduledFuture<?> alarm) {
        ageAlarm = alarm;
    }

    void cancelAgeAlarm() {
        if (ageAlarm != null) {
            boolean _ = ageAlarm.cancel(false);
        }
    }

    /// An error has left its JVM in doubt: it is replaced.
    void setInDoubt() {
        isInDoubt = true;
    }

    boolean isInDoubt() {
        return isInDoubt;
    }

    /// How long its jobs take.
    Pace pace() {
        return pace;
    }

    /// Looks at it from time to time: one that has ended no job since the last look stands with
    /// one, until it ends it.
    void look() {
        isStanding = begunAndDone == doneBefore;
        doneBefore = begunAndDone;
    }

    /// Its memory is about to be measured.
    ///
    /// @param interval nanoseconds from one time to the next
    /// @return nanoseconds to wait before; negative if that was said before
    long beginMeasuring(long interval) {
        if (isMeasured) {
            return -1;
        }
        isMeasured = true;
        return Math.max(0, measuredNanos + interval - System.nanoTime());
    }

    void endMeasuring() {
        isMeasured = false;
        measuredNanos = System.nanoTime();
    }

    /// Looks for how long it has had no job, as far as earlier looks show it.
    ///
    /// @return in nanoseconds
    long lookIdle() {
        long now = System.nanoTime();
        if (takenBefore != taken || !running.isEmpty() || !own.isEmpty()) {
            takenBefore = taken;
            idleNanos = now;
        }
        return now - idleNanos;
    }

    /// Whether it stands with a job.
    boolean isStanding() {
        return isStanding;
    }

    /// How many jobs it has got so far.
    long taken() {
        return taken;
    }

    WorkerSnapshot snapshot() {
        return new WorkerSnapshot(number, process.pid(), state, running.size(), done,
                Duration.ofNanos(System.nanoTime() - readyNanos), reason);
    }

    /// Why it gets no more jobs, in a few words; empty as long as it gets some.
    String reason() {
        return reason;
    }

    void setReason(String words) {
        reason = words;
    }

    /// Which one it is, for messages: `worker 2 (pid=4711, app.Pricing)`.
    String shown() {
        return "worker %d (pid=%d, %s)".formatted(number, process.pid(), process.program());
    }

    @Override
    public String toString() {
        return "WorkerHandle[%d, pid=%d, %s]".formatted(number, process.pid(), state);
    }
}
