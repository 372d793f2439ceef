package dev.ipcchannel.worker;

import dev.ipcchannel.internal.job.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/// A worker of a set: its process, its state, the jobs that it has in hand. What changes is used
/// inside the set's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class WorkerHandle<Q, R> {

    private final int number;
    private final WorkerProcess<Q, R> process;
    private final long readyNanos = System.nanoTime();

    private final List<Attempt<Q, R>> running = new ArrayList<>(1);
    private WorkerSnapshot.State state = WorkerSnapshot.State.SPARE;
    private boolean isFree; // stands among those that get jobs
    private @Nullable ScheduledFuture<?> ageAlarm;
    private boolean isInDoubt;
    private final Pace pace = new Pace();
    private long taken;
    private long done;
    private long begunAndDone; // of these, those that it had begun
    private long doneBefore; // the last look; -1 if it has begun its first job since
    private boolean isStanding; // with a job

    WorkerHandle(int number, WorkerProcess<Q, R> process) {
        this.number = number;
        this.process = process;
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

    List<Attempt<Q, R>> running() {
        return running;
    }

    /// By [Roster] alone.
    boolean isFree() {
        return isFree;
    }

    void setFree(boolean free) {
        isFree = free;
    }

    /// Gets a job.
    Attempt<Q, R> take(PendingJob<Q, R> job) {
        Attempt<Q, R> attempt = new Attempt<>(job, this);
        if (running.isEmpty()) {
            doneBefore = -1;
        }
        running.add(attempt);
        taken++;
        return attempt;
    }

    /// The job is not this worker's any more.
    ///
    /// @return false if it was not before
    boolean remove(Attempt<Q, R> attempt) {
        return running.remove(attempt);
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
            pace.ended(attempt.lastNanos());
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
                Duration.ofNanos(System.nanoTime() - readyNanos));
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
