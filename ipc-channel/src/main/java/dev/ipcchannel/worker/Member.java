package dev.ipcchannel.worker;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/// A worker of a set: its process, the calls to it, the jobs that it has. What changes is used
/// inside the desk's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Member<Q, R> {

    private final int number;
    private final ChildProcess process;
    private final Caller<Task<Q>, Outcome<R>> caller;
    private final long readyNanos = System.nanoTime();

    private final List<HostJob<Q, R>> running = new ArrayList<>(1);
    private WorkerSnapshot.State state = WorkerSnapshot.State.SPARE;
    private boolean isOffered; // stands among those that have a hand free
    private @Nullable ScheduledFuture<?> ageAlarm;
    private boolean isInDoubt;
    private long taken;
    private long done;

    Member(int number, ChildProcess process, Caller<Task<Q>, Outcome<R>> caller) {
        this.number = number;
        this.process = process;
        this.caller = caller;
    }

    ChildProcess process() {
        return process;
    }

    Caller<Task<Q>, Outcome<R>> caller() {
        return caller;
    }

    WorkerSnapshot.State state() {
        return state;
    }

    boolean is(WorkerSnapshot.State other) {
        return state == other;
    }

    void become(WorkerSnapshot.State next) {
        state = next;
    }

    List<HostJob<Q, R>> running() {
        return running;
    }

    boolean isOffered() {
        return isOffered;
    }

    void setOffered(boolean offered) {
        isOffered = offered;
    }

    void take(HostJob<Q, R> job) {
        taken++;
        running.add(job);
        job.assigned(this);
    }

    /// The job is not this worker's any more.
    ///
    /// @return false if it was not before
    boolean remove(HostJob<Q, R> job) {
        return running.remove(job);
    }

    /// Counts a job that has ended. Once none is in hand, forgets the error lines so far: they are not
    /// the reason of a later death. Not where the worker had not begun the job, nor where it is replaced
    /// because of it.
    ///
    /// @param isReplaced whether it is, for the way in which the job has ended
    void ended(HostJob<Q, R> job, boolean isReplaced) {
        boolean _ = remove(job);
        done++;
        if (running.isEmpty() && job.hasStarted() && !isReplaced) {
            process.output().forgetErrorLines();
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

    /// Whether it may get one more job.
    boolean hasHandFree(int jobsAtOnce, long maxJobs) {
        return state == WorkerSnapshot.State.ACTIVE && running.size() < jobsAtOnce
                && !isWornOut(maxJobs);
    }

    /// Not while this JVM goes down, as none would take its place.
    boolean isWornOut(long maxJobs) {
        return taken >= maxJobs && !ChildAccess.isEnding();
    }

    WorkerSnapshot snapshot() {
        return new WorkerSnapshot(number, process.pid(), state, running.size(), done,
                Duration.ofNanos(System.nanoTime() - readyNanos));
    }

    /// Which one it is, for messages: `worker 2 (pid=4711, app.Pricing)`.
    String shown() {
        return "worker %d (pid=%d, %s)".formatted(number, process.pid(),
                ChildAccess.programName(process));
    }

    @Override
    public String toString() {
        return "Member[%d, pid=%d, %s]".formatted(number, process.pid(), state);
    }
}
