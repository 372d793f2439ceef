package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The workers of a set: as many as it is to have, and their spares. Whatever happens to one,
/// [#balance] compares what is there with what is to be there, and starts, promotes or retires.
///
/// Used inside the desk's lock, but for what says otherwise. Starting and ending a process is done
/// by threads of its own, outside of it.
///
/// Longer than other files: the life of a worker, with all its ends, stands here, to be checked as
/// one.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class Crew<Q, R> {

    private static final long LAST_WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /// The process that does the job of a worker that is gone has the processors first, before all
    /// processes are looked through for what that one has left, and before a new spare is started.
    private static final long CLEANING_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SPARE_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SetTerms<Q, R> terms;
    private final Desk<Q, R> desk;
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();

    private final List<Member<Q, R>> members = new ArrayList<>();
    private final CrewThreads threads;
    private final Restarts restarts;
    private int size;
    private int starting; // now or after a delay
    private int lastNumber;
    private int watchers; // threads that wait for changes
    private boolean isClosed;
    private @Nullable String givenUp; // why no more workers are started
    private @Nullable RuntimeException lastFailure; // of a start, until one succeeds
    private @Nullable ChildReport lastDeath;

    Crew(SetTerms<Q, R> terms, Desk<Q, R> desk) {
        this.terms = terms;
        this.desk = desk;
        this.threads = new CrewThreads(desk);
        this.size = terms.workers();
        this.restarts = new Restarts(terms.restartLimit(), terms.restartInterval());
        if (size == 0) {
            boolean _ = firstReady.complete(null); // no start is waited for
        }
    }

    /// Completes when the first worker is ready, at once where none is to be, or fails when none
    /// could be started before.
    CompletableFuture<Void> firstReady() {
        return firstReady;
    }

    int size() {
        return size;
    }

    boolean isClosed() {
        return isClosed;
    }

    int count(State state) {
        int count = 0;
        for (Member<Q, R> member : members) {
            if (member.is(state)) {
                count++;
            }
        }
        return count;
    }

    /// How many that take jobs have one in hand.
    int busy() {
        return (int) members.stream()
                .filter(member -> member.is(State.ACTIVE) && !member.running().isEmpty()).count();
    }

    /// How many jobs are in hand.
    int running() {
        return members.stream().mapToInt(member -> member.running().size()).sum();
    }

    long restarts() {
        return restarts.count();
    }

    List<WorkerSnapshot> snapshot() {
        return members.stream().map(Member::snapshot).toList();
    }

    void succeeded() {
        restarts.succeeded();
    }

    /// Whether threads wait for jobs to end.
    boolean isWatched() {
        return watchers > 0;
    }

    void watch() {
        watchers++;
    }

    void unwatch() {
        watchers--;
    }

    /// What has other threads receive what the calling one receives now.
    Runnable handOver() {
        List<Member<Q, R>> all = List.copyOf(members);
        List<HostJob<Q, R>> jobs =
                all.stream().flatMap(member -> member.running().stream()).toList();
        return () -> {
            jobs.forEach(HostJob::receiveInBackground); // first, so that somebody is needed
            all.forEach(member -> member.caller().stepAside());
        };
    }

    /// Whether all are there that are to be.
    boolean isComplete() {
        return count(State.ACTIVE) == size && count(State.SPARE) == spares();
    }

    private int spares() {
        return size == 0 ? 0 : terms.spares();
    }

    /// Whether no more are started.
    boolean isOver() {
        return isClosed || givenUp != null;
    }

    /// Why there may be no worker, for messages.
    String lastTrouble() {
        RuntimeException failure = lastFailure;
        return failure == null ? "" : ", the last start of one failed: " + failure.getMessage();
    }

    /// Brings what is there to what is to be there.
    void balance() {
        if (isClosed) {
            return;
        }
        promote();
        for (int excess = count(State.ACTIVE) - size; excess > 0; excess--) {
            Member<Q, R> idle = desk.idle();
            retire(idle != null ? idle : anyActive());
        }
        for (int excess = count(State.SPARE) - spares(); excess > 0; excess--) {
            retire(members.stream().filter(member -> member.is(State.SPARE)).findFirst()
                    .orElseThrow());
        }
        while (givenUp == null
                && count(State.ACTIVE) + count(State.SPARE) + starting < wanted()) {
            scheduleStart();
        }
        if (givenUp != null && count(State.ACTIVE) == 0 && starting == 0) {
            desk.end(new WorkerDied(givenUp, false, lastDeath, lastFailure));
        }
        desk.changed().signalAll();
    }

    /// How many are to be there: while this JVM goes down, no more are started than there are jobs
    /// in the queue, for which a hook may wait.
    private int wanted() {
        return isToEnd()
                ? Math.min(size, count(State.ACTIVE) + count(State.SPARE) + desk.queued())
                : size + spares();
    }

    /// Whether this JVM goes down; but a caller that opens a set hears first that none can be
    /// started.
    private boolean isToEnd() {
        return ChildAccess.isEnding() && firstReady.isDone();
    }

    /// A job has come into the queue. While this JVM goes down, there may be no worker to do it.
    void onQueued() {
        if (ChildAccess.isEnding()) {
            balance();
        }
    }

    /// This JVM goes down. Outside the lock.
    ///
    /// @return false if the set has no jobs: then that worker gets none any more, since it is about
    /// to be asked to end
    private boolean isNeededAtExit(Member<Q, R> member) {
        desk.enter();
        try {
            if (desk.hasJobs()) {
                return true;
            }
            if (member.is(State.ACTIVE) || member.is(State.SPARE)) {
                desk.withdraw(member);
                member.become(State.RETIRING);
            }
            return false;
        } finally {
            desk.exit();
        }
    }

    /// Gives spares the places that are free.
    private void promote() {
        for (Member<Q, R> member : members) {
            if (member.is(State.SPARE) && count(State.ACTIVE) < size) {
                activate(member);
            }
        }
    }

    /// A worker is gone, and a spare has its place at once; that others are started has to wait
    /// until it is known why.
    private void drop(Member<Q, R> member) {
        desk.withdraw(member);
        member.become(State.GONE);
        if (!isClosed) {
            promote();
        }
    }

    private Member<Q, R> anyActive() {
        return members.stream().filter(member -> member.is(State.ACTIVE)).findFirst()
                .orElseThrow();
    }

    private void activate(Member<Q, R> member) {
        member.become(State.ACTIVE);
        desk.offer(member);
    }

    private void scheduleStart() {
        starting++;
        boolean isSpare = count(State.ACTIVE) == size;
        long delay = Math.max(restarts.replacementDelayNanos(System.nanoTime()),
                Math.max(restarts.delayNanos(), isSpare ? SPARE_DELAY_NANOS : 0));
        if (delay == 0) {
            threads.start(this::startOne);
        } else {
            var _ = desk.timer().schedule(this::startLate, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void startLate() {
        desk.enter();
        try {
            if (isClosed) {
                starting--;
            } else {
                threads.start(this::startOne);
            }
        } finally {
            desk.exit();
        }
    }

    /// Outside the lock, on a thread of its own.
    private void startOne() {
        if (!isWantedNow()) { // it may have waited for its thread as long
            startFailed(null);
            return;
        }
        try {
            var link = ChildAccess.start(terms.child(), terms.types().requests(),
                    terms.types().replies(), terms.jobsAtOnce(), desk::hasQueue);
            Caller<Task<Q>, Outcome<R>> caller = new Caller<>(link.link());
            Q firstJob = terms.firstJob();
            if (firstJob != null) {
                WarmUp.run(link.process(), caller, firstJob,
                        ChildAccess.startTimeout(terms.child()));
            }
            started(link.process(), caller);
        } catch (InterruptedException _) { // by close
            startFailed(null);
        } catch (RuntimeException failure) {
            startFailed(failure);
        } catch (Error failure) { // no memory for a thread, say
            startFailed(new IllegalStateException("a worker could not be started: " + failure,
                    failure));
        }
    }

    private boolean isWantedNow() {
        desk.enter();
        try {
            return !isClosed && !(isToEnd() && desk.queued() == 0);
        } finally {
            desk.exit();
        }
    }

    private void started(ChildProcess process, Caller<Task<Q>, Outcome<R>> caller) {
        desk.enter();
        try {
            starting--;
            Member<Q, R> member = new Member<>(++lastNumber, process, caller);
            members.add(member);
            if (isClosed) {
                retire(member);
                return;
            }
            lastFailure = null;
            balance();
            if (member.is(State.SPARE)) {
                desk.later(() -> WarmUp.start(member.caller()));
            }
            setAgeLimit(member);
            boolean _ = firstReady.complete(null); // nothing depends on it that would run here
            desk.later(() -> attend(member));
            WorkerSnapshot ready = member.snapshot();
            desk.tell(listener -> listener.onStarted(ready));
        } finally {
            desk.exit();
        }
    }

    /// Hears of a worker's end, and of what it says of its JVM. Outside the lock.
    private void attend(Member<Q, R> member) {
        ChildAccess.leaveToHooksWhile(member.process(), () -> isNeededAtExit(member));
        var _ = member.process().onExit().thenRun(() -> hasExited(member));
        Lifeline lifeline = ChildAccess.lifeline(member.process());
        if (lifeline != null) { // the thread that reads serves many, and is not to wait for the lock
            var _ = lifeline.goAway().thenAccept(
                    notice -> desk.elsewhere(() -> goesAway(member, notice)));
        }
    }

    /// Outside the lock.
    private void goesAway(Member<Q, R> member, GoAway notice) {
        if (notice.reason() != GoAway.Reason.FAILED) {
            return; // its exit says more
        }
        desk.enter();
        try {
            if (member.is(State.ACTIVE) || member.is(State.SPARE)) {
                warnOfFailure(member, notice.text());
                replace(member);
                released(member);
            }
        } finally {
            desk.exit();
        }
    }

    /// Its jobs fail with it as well, where it had some.
    private void warnOfFailure(Member<Q, R> member, String failure) {
        WorkerSnapshot worker = member.snapshot();
        String what = "worker=%d, pid=%d: %s".formatted(worker.number(), worker.pid(), failure);
        desk.later(
                () -> Log.warning("a worker is replaced, since an error has left its JVM in doubt",
                        what));
    }

    private void setAgeLimit(Member<Q, R> member) {
        Duration age = terms.maxAge();
        if (age != null) {
            member.setAgeAlarm(desk.timer().schedule(() -> renew(member),
                    TimeUnit.NANOSECONDS.convert(age), TimeUnit.NANOSECONDS));
        }
    }

    /// Outside the lock.
    private void renew(Member<Q, R> member) {
        desk.enter();
        try {
            if (!ChildAccess.isEnding()
                    && (member.is(State.ACTIVE) || member.is(State.SPARE))) {
                retire(member);
                balance();
            }
        } finally {
            desk.exit();
        }
    }

    /// Outside the lock.
    private void hasExited(Member<Q, R> member) {
        desk.enter();
        try {
            lost(member);
        } finally {
            desk.exit();
        }
    }

    private void startFailed(@Nullable RuntimeException failure) {
        desk.enter();
        try {
            starting--;
            if (isClosed || failure == null) {
                desk.changed().signalAll();
                return;
            }
            lastFailure = failure;
            desk.tell(listener -> listener.onStartFailed(failure));
            if (firstReady.completeExceptionally(failure)
                    || firstReady.isCompletedExceptionally()) {
                return; // the caller that opens the set closes it
            }
            noteRestart("the last start failed: " + failure.getMessage());
            balance();
        } finally {
            desk.exit();
        }
    }

    private void noteRestart(String why) {
        if (!restarts.note(System.nanoTime()) && givenUp == null) {
            String reason =
                    ("the workers of this set end too often, so no more are started: mend what ends"
                            + " them, then call WorkerSet.restart: %s: %s")
                            .formatted(restarts.describe(), why);
            givenUp = reason;
            desk.tell(listener -> {
                Log.warning("a set of workers has given up", reason);
                listener.onGivenUp(reason);
            });
        }
    }

    /// A job has ended: its worker takes the next one, or goes.
    void released(Member<Q, R> member) {
        if (member.is(State.ACTIVE) && member.isWornOut(terms.maxJobs())) {
            retire(member);
            balance();
        } else if (member.is(State.ACTIVE)) {
            desk.offer(member);
        } else if (member.is(State.RETIRING) && member.running().isEmpty()) {
            end(member);
        }
    }

    /// An error has left the JVM of a worker in doubt: another one takes its place, and it ends once
    /// it has done what else it has.
    void replace(Member<Q, R> member) {
        if (member.is(State.ACTIVE) || member.is(State.SPARE)) {
            restarts.noteReplaced(System.nanoTime(), size);
            desk.withdraw(member);
            member.become(State.RETIRING);
            member.setInDoubt();
            limitThoseInDoubt();
            balance();
        }
    }

    /// As many as there are workers may go on with what they have besides these: a job that has lost
    /// its thread never ends, and its worker would stay for ever.
    private void limitThoseInDoubt() {
        List<Member<Q, R>> inDoubt = members.stream()
                .filter(member -> member.is(State.RETIRING) && member.isInDoubt()
                        && !member.running().isEmpty())
                .toList();
        if (inDoubt.size() > Math.max(1, size)) {
            lost(inDoubt.getFirst());
        }
    }

    /// A worker gets no more jobs, and ends when it has done those that it has.
    private void retire(Member<Q, R> member) {
        desk.withdraw(member);
        member.become(State.RETIRING);
        if (member.running().isEmpty()) {
            end(member);
        }
    }

    private void end(Member<Q, R> member) {
        member.become(State.GONE);
        threads.end(() -> {
            try {
                ChildAccess.stop(member.process(), ChildAccess.grace(member.process()),
                        member.caller()::close);
            } finally {
                buried(member, true, null);
            }
        });
    }

    /// A worker is gone, or no good any more. The first call counts.
    void lost(Member<Q, R> member) {
        if (member.is(State.GONE)) {
            return;
        }
        boolean wasPlanned = member.is(State.RETIRING);
        drop(member);
        threads.end(() -> bury(member, wasPlanned));
    }

    /// A job has taken too long, and its worker is to go for it.
    void killForTimeout(Member<Q, R> member, HostJob<Q, R> job) {
        if (member.is(State.GONE)) {
            return; // the job goes with it
        }
        drop(member);
        threads.end(() -> {
            ChildReport report = reportWithThreads(member);
            desk.enter();
            try {
                desk.expired(job, member, report);
            } finally {
                // By another thread: what depends on this job may wait here for all others.
                threads.end(() -> bury(member, false));
                desk.exit();
            }
        });
    }

    private static ChildReport reportWithThreads(Member<?, ?> member) {
        try {
            return member.process().reportWithThreads();
        } catch (InterruptedException | RuntimeException | Error _) { // no memory for it, say
            return member.process().report();
        }
    }

    /// Makes sure that a worker is gone, hears its last words, and sees to its jobs. Outside the
    /// lock.
    private void bury(Member<Q, R> member, boolean wasPlanned) {
        String failure = null;
        try {
            if (!ChildAccess.awaitItsEnd(member.process())) {
                member.process().kill();
            }
            awaitLastWords(member);
            member.caller().close();
            failure = ChildAccess.failure(member.process());
            rescueJobs(member, failure != null);
            LockSupport.parkNanos(CLEANING_DELAY_NANOS);
            member.process().kill(); // what it has left behind
        } catch (InterruptedException _) {
            // the thread is ours: nothing interrupts it
        } finally {
            buried(member, wasPlanned, failure);
        }
    }

    /// Answers that it gave before its end may still be on their way.
    private void awaitLastWords(Member<Q, R> member) throws InterruptedException {
        desk.enter();
        try {
            long nanos = LAST_WORDS_NANOS;
            while (nanos > 0 && !member.running().stream().allMatch(HostJob::isLost)) {
                watch();
                try {
                    nanos = desk.changed().awaitNanos(nanos);
                } finally {
                    unwatch();
                }
            }
        } finally {
            desk.exit();
        }
    }

    /// Jobs that another worker may do do not wait for the rest.
    private void rescueJobs(Member<Q, R> member, boolean hasFailed) {
        desk.enter();
        try {
            member.running().removeAll(desk.rescued(member.running(), hasFailed));
        } finally {
            desk.exit();
        }
    }

    /// @param failure of its JVM, where it has said so: then its end was none of its own choice,
    /// and has the rate of those that are planned
    private void buried(Member<Q, R> member, boolean wasPlanned, @Nullable String failure) {
        ChildReport report = member.process().report();
        desk.enter();
        try {
            boolean _ = members.remove(member);
            member.cancelAgeAlarm(); // which would keep all of it until then
            WorkerSnapshot last = member.snapshot();
            List<HostJob<Q, R>> jobs = List.copyOf(member.running());
            member.running().clear();
            if (!wasPlanned && !isClosed) {
                lastDeath = report;
                noteDeath(member, report, failure);
            }
            balance();
            for (HostJob<Q, R> job : jobs) {
                desk.bereaved(job, death(job, member, report, failure));
            }
            boolean isPlanned = wasPlanned || failure != null;
            desk.tell(listener -> listener.onEnded(last, report, isPlanned));
        } finally {
            desk.exit();
        }
    }

    private void noteDeath(Member<Q, R> member, ChildReport report, @Nullable String failure) {
        if (failure == null) {
            noteRestart("the last one: child=" + ChildAccess.commandLine(member.process())
                    + ", " + report);
        } else {
            restarts.noteReplaced(System.nanoTime(), size);
            warnOfFailure(member, failure);
        }
    }

    private WorkerDied death(HostJob<Q, R> job, Member<Q, R> member, ChildReport report,
            @Nullable String failure) {
        return new WorkerDied(
                "%s ended with a job that it had %s%s: %s (This worker is offline): %s".formatted(
                        member.shown(), job.hasStarted() ? "begun" : "not begun",
                        failure == null ? "" : ", after an error of its JVM (" + failure + ")",
                        remedy(job), report),
                job.hasStarted(), report, null);
    }

    private String remedy(HostJob<Q, R> job) {
        if (desk.isInQuarantine(job)) {
            return "it is not tried any more, since two workers have died with one that is equal to"
                    + " it: WorkerSet.restart lets it in again";
        }
        if (size == 0) {
            return "the set has no other worker: add one"
                    + (job.hasStarted() && !job.terms().isIdempotent()
                            ? ", and send it again if it may be done twice"
                            : ", and send it again");
        }
        if (!job.hasStarted()) {
            return "send it again";
        }
        return job.terms().isIdempotent() ? "it may be done twice, but this was its last try"
                : "it is not tried again: if the job may be done twice, send it by"
                        + " WorkerSet.job(data).idempotent(), and another worker does it";
    }

    /// One more, or one less.
    void resize(int change) {
        size = Math.max(0, size + change);
        if (change > 0) {
            tryAgain();
        }
        balance();
        if (size == 0) {
            desk.failQueue();
        }
    }

    /// What failed before is forgiven.
    private void tryAgain() {
        givenUp = null;
        restarts.reset();
        desk.reopen();
    }

    /// Replaces all workers, one after the other, so that the others go on. Outside the lock.
    ///
    /// @throws TimedOut if that was not done within `timeout`
    void renewAll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        List<Member<Q, R>> old;
        int number;
        int missing;
        desk.enter();
        try {
            tryAgain();
            desk.forgiveJobs();
            old = List.copyOf(members);
            number = lastNumber;
            missing = Math.max(0, size - old.size());
            balance();
        } finally {
            desk.exit();
        }
        for (int i = 0; i < old.size(); i++) {
            Member<Q, R> member = old.get(i);
            renew(member);
            if (!awaitReplaced(member, ++number, deadline)) {
                throw notReplaced(member, timeout,
                        ", replaced=%d of %d".formatted(i, old.size()));
            }
        }
        if (!awaitReplaced(null, number + missing, deadline)) {
            throw notReplaced(null, timeout, "");
        }
    }

    /// Outside the lock.
    ///
    /// @param member that is not gone, or in whose place there is none
    /// @param progress how many were replaced within the time, as it is shown
    private TimedOut notReplaced(@Nullable Member<Q, R> member, Duration timeout,
            String progress) {
        String what;
        desk.enter();
        try {
            if (member == null || !members.contains(member)) {
                what = "not all that are to be there are ready" + lastTrouble();
            } else if (member.running().isEmpty()) {
                what = member.shown() + " is asked to end, and is not gone yet";
            } else {
                what = member.shown() + " stays busy with a job that it had, and ends after that:"
                        + " cancel the job, or give jobs a time limit with TimeoutAction.RESTART";
            }
        } finally {
            desk.exit();
        }
        return new TimedOut("not all workers of this set were replaced within the time given:"
                + " timeout=" + ShownTime.of(timeout) + progress + ": " + what);
    }

    /// Waits until a worker is gone, and all are there that are to be. Where replacements are slowed
    /// down, since no JVM lasts, they are never there at the same time: then until one of that `number`
    /// was ready. Outside the lock.
    ///
    /// @return false if that did not come in time
    private boolean awaitReplaced(@Nullable Member<Q, R> member, int number, Deadline deadline)
            throws InterruptedException {
        desk.enter();
        try {
            while (!isClosed && givenUp == null && !ChildAccess.isEnding()
                    && (members.contains(member)
                            || (count(State.ACTIVE) < size
                                    && (lastNumber < number || !restarts.isSlowedDown())))) {
                if (deadline.isPast()) {
                    return false;
                }
                if (!threads.help()) {
                    long _ = desk.changed().awaitNanos(deadline.remainingNanos());
                }
            }
            return true;
        } finally {
            desk.exit();
        }
    }

    /// Takes no jobs any more, fails those in hand and ends all workers. Outside the lock; waits
    /// for their ends.
    void close(RuntimeException reason) {
        desk.beginWait();
        endAll(reason);
        threads.awaitEnd();
        desk.timer().shutdownNow();
        desk.enter();
        try {
            desk.awaitCompletions();
        } finally {
            desk.endWait();
            desk.exit();
        }
    }

    private void endAll(RuntimeException reason) {
        desk.enter();
        try {
            if (!isClosed) {
                isClosed = true;
                desk.end(reason);
                threads.interruptStarters();
                for (Member<Q, R> member : List.copyOf(members)) {
                    endNow(member, reason);
                }
            }
        } finally {
            desk.exit();
        }
    }

    private void endNow(Member<Q, R> member, RuntimeException reason) {
        desk.abandon(member.running(), reason);
        if (!member.is(State.GONE)) {
            desk.withdraw(member);
            end(member);
        }
    }
}
