package dev.ipcchannel.worker;

import dev.ipcchannel.worker.WorkerSnapshot.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The workers that a set has, and among them, in the order in which they get jobs, those that are
/// free to get one. Used inside the set's lock.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // workers are meant by identity
final class Roster<Q, R> {

    private final List<WorkerHandle<Q, R>> all = new ArrayList<>();
    private final ArrayDeque<WorkerHandle<Q, R>> free = new ArrayDeque<>(); // each once
    private final SetOptions<?, ?> options;
    private final BooleanSupplier isGoingDown;
    private int size;
    private int most;
    private @Nullable WorkerHandle<Q, R> warm; // the last that got a job while at short ones

    /// @param isGoingDown whether this JVM exits, so that none would take the place of one that
    /// ends
    Roster(SetOptions<?, ?> options, BooleanSupplier isGoingDown) {
        this.size = options.workers();
        this.most = size;
        this.options = options;
        this.isGoingDown = isGoingDown;
    }

    boolean isGoingDown() {
        return isGoingDown.getAsBoolean();
    }

    /// How many are to take jobs at this moment.
    int size() {
        return size;
    }

    /// How many are to take jobs where there is enough to do.
    int most() {
        return most;
    }

    /// So many are to take jobs from now on.
    void setMost(int next) {
        most = next;
        size = next;
    }

    /// So many are to take jobs at this moment.
    void setSize(int next) {
        size = next;
    }

    void add(WorkerHandle<Q, R> worker) {
        all.add(worker);
    }

    void remove(WorkerHandle<Q, R> worker) {
        boolean _ = all.remove(worker);
        if (warm == worker) {
            warm = null;
        }
    }

    boolean has(WorkerHandle<Q, R> worker) {
        return all.contains(worker);
    }

    /// Those that there are at this moment, with those that are about to end.
    List<WorkerHandle<Q, R>> all() {
        return List.copyOf(all);
    }

    int count(State state) {
        int count = 0;
        for (WorkerHandle<Q, R> worker : all) {
            if (worker.is(state)) {
                count++;
            }
        }
        return count;
    }

    /// The first in that state; null if none is.
    @Nullable
    WorkerHandle<Q, R> first(State state) {
        return all.stream().filter(worker -> worker.is(state)).findFirst().orElse(null);
    }

    /// How many that take jobs have one in hand.
    int busy() {
        return (int) all.stream()
                .filter(worker -> worker.is(State.ACTIVE) && !worker.running().isEmpty()).count();
    }

    /// How many jobs are in hand.
    int running() {
        return all.stream().mapToInt(worker -> worker.running().size()).sum();
    }

    /// Whether it may get one more job.
    boolean mayGetMore(WorkerHandle<Q, R> worker) {
        return worker.is(State.ACTIVE) && worker.running().size() < most(worker)
                && !isWornOut(worker);
    }

    /// How many jobs it has in hand at most, with those ahead.
    private int most(WorkerHandle<Q, R> worker) {
        return options.jobsAtOnce()
                + (options.isAheadByPace() ? aheadByPace(worker) : options.prefetch());
    }

    /// How many jobs may go to it together.
    int together(WorkerHandle<Q, R> worker) {
        int room = (int) Math.min(most(worker) - worker.running().size(),
                options.maxJobs() - worker.taken());
        return worker.takesBatches() ? Math.max(1, Math.min(room, (most(worker) + 1) / 2)) : 1;
    }

    /// Whether jobs wait for others to go with: the worker has a batch to go on with after the one
    /// that it does, and they go when the first of these has ended.
    boolean areToGather(WorkerHandle<Q, R> worker, int waiting) {
        return options.isAheadByPace() && waiting + 1 < options.queueCapacity()
                && worker.takesBatches()
                && worker.hasTwoBatches();
    }

    /// A worker that stands with a job gets nothing more.
    private static int aheadByPace(WorkerHandle<?, ?> worker) {
        if (worker.isStanding()) {
            return 0;
        }
        return worker.takesBatches() ? worker.pace().aheadInBatches() : worker.pace().ahead();
    }

    /// Whether it has got as many jobs as one gets.
    boolean isWornOut(WorkerHandle<Q, R> worker) {
        return worker.taken() >= options.maxJobs() && !isGoingDown();
    }

    /// The worker for a new key: of those that may get more jobs the one with the fewest keys, and
    /// of these the one with the fewest jobs.
    ///
    /// @return null if none may
    @Nullable
    WorkerHandle<Q, R> forNewKey() {
        WorkerHandle<Q, R> least = null;
        for (WorkerHandle<Q, R> worker : all) {
            if (mayGetMore(worker) && (least == null || worker.keys() < least.keys()
                    || (worker.keys() == least.keys() && hasFewer(worker, least)))) {
                least = worker;
            }
        }
        return least;
    }

    boolean isAnyFree(int waiting) {
        return next(waiting) != null;
    }

    /// Makes it the first to get a job. One that has others in hand keeps the place that it has.
    void freeFirst(WorkerHandle<Q, R> worker) {
        if (worker.running().isEmpty() && free.peekFirst() != worker) {
            withdraw(worker); // from the place that it got as it was given the last job
        }
        if (!worker.isFree()) {
            worker.setFree(true);
            free.addFirst(worker);
        }
    }

    /// Makes it the last to get a job.
    void freeLast(WorkerHandle<Q, R> worker) {
        worker.setFree(true);
        free.addLast(worker);
    }

    /// It got a job. One that is at short jobs gets the next one too.
    void hasGot(WorkerHandle<Q, R> worker) {
        if (isAtShortJobs(worker)) {
            warm = worker;
        }
    }

    /// It gets no job.
    void withdraw(WorkerHandle<Q, R> worker) {
        if (worker.isFree()) {
            worker.setFree(false);
            boolean _ = free.remove(worker);
        }
    }

    /// The one that is to get a job: one whose jobs take less time than to wake another worker,
    /// else the first of those that have the fewest in hand.
    ///
    /// @param waiting how many jobs wait before it
    /// @return null if none is free, or the job is to wait for others to go with
    @Nullable
    WorkerHandle<Q, R> next(int waiting) {
        WorkerHandle<Q, R> busy = warm;
        if (busy == null || !isLeftTo(busy, waiting)) {
            return nextFree(waiting);
        }
        return areToGather(busy, waiting) || !mayGetMore(busy) ? null : busy;
    }

    /// Whether a job is left to the worker that is at short ones, and is not for this one.
    ///
    /// @param waiting how many jobs wait before it
    boolean isLeftToOther(WorkerHandle<Q, R> worker, int waiting) {
        WorkerHandle<Q, R> busy = warm;
        return busy != null && busy != worker && isLeftTo(busy, waiting);
    }

    /// One that has a single job in hand is not looked at from time to time, so nothing waits for
    /// it.
    private boolean isLeftTo(WorkerHandle<Q, R> busy, int waiting) {
        int inHand = busy.running().size();
        return isAtShortJobs(busy) && busy.is(State.ACTIVE) && !busy.isStanding()
                && (inHand > 1 || mayGetMore(busy)) && busy.pace().keepsUpWith(inHand + waiting);
    }

    private @Nullable WorkerHandle<Q, R> nextFree(int waiting) {
        WorkerHandle<Q, R> least = null;
        for (Iterator<WorkerHandle<Q, R>> each = free.iterator(); each.hasNext();) {
            WorkerHandle<Q, R> worker = each.next();
            if (!mayGetMore(worker)) { // any more: its pace has changed
                each.remove();
                worker.setFree(false);
            } else if (!areToGather(worker, waiting)) {
                if (!options.hasSeveral() || isAtShortJobs(worker)) {
                    return worker;
                }
                least = least == null || hasFewer(worker, least) ? worker : least;
            }
        }
        return least;
    }

    private static boolean hasFewer(WorkerHandle<?, ?> one, WorkerHandle<?, ?> other) {
        return one.running().size() < other.running().size();
    }

    private boolean isAtShortJobs(WorkerHandle<Q, R> worker) {
        return options.isAheadByPace() && worker.pace().isShort() && !worker.running().isEmpty();
    }

    /// One that takes jobs; one with none in hand, if there is one.
    WorkerHandle<Q, R> mostIdle() {
        return free.stream().filter(worker -> worker.running().isEmpty()).findFirst()
                .orElseGet(() -> Objects.requireNonNull(first(State.ACTIVE)));
    }
}
