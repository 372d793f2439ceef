package dev.ipcchannel.internal.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The jobs of a set that wait for a worker: those that any worker may do, and for each worker
/// those whose key has an affinity to it. Used inside the set's lock.
///
/// @param <J> the type of the jobs
/// @param <W> the type of the workers
@SuppressWarnings("ReferenceEquality") // workers and affinities are meant by identity
public final class WaitingJobs<J extends WaitingJobs.Job<W>, W extends WaitingJobs.Worker<J>> {

    /// The number of keys that are remembered whether they have jobs or not.
    static final int KNOWN_KEYS = 10_000;

    /// With so many keys more, those without a job are forgotten of which none of the last
    /// [#KNOWN_KEYS] uses was: in one go, so that a new key costs no search.
    private static final int MORE_KEYS = KNOWN_KEYS;

    /// A job that may have a key.
    ///
    /// @param <W> the type of the workers
    public interface Job<W> extends AgingQueue.Entry {

        /// The affinity of its key; null if it has none.
        @Nullable
        Affinity<W> affinity();
    }

    /// A worker that jobs may wait for.
    ///
    /// @param <J> the type of the jobs
    public interface Worker<J extends AgingQueue.Entry> {

        /// The jobs that no other worker may do.
        AgingQueue<J> own();

        /// Whether it takes jobs.
        boolean isActive();

        /// Changes the number of keys whose jobs go to it.
        void countKeys(int change);

        /// The number of keys whose jobs go to it.
        int keys();
    }

    private final AgingQueue<J> ofAny = new AgingQueue<>();
    private final Map<String, Affinity<W>> affinities = new HashMap<>();
    private int mostKeys = KNOWN_KEYS + MORE_KEYS; // until the next look for those to forget
    private long uses; // of all keys
    private int count;
    private int ofOne; // of these, those that one worker may do

    /// The number of jobs that wait.
    public int size() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /// Whether there are jobs that any worker may do; the keys of some may have got a worker
    /// meanwhile.
    public boolean areAnyOfAny() {
        return !ofAny.isEmpty();
    }

    /// Whether there are jobs that only one worker may do.
    public boolean areAnyOfOne() {
        return ofOne > 0;
    }

    /// The affinity of a key. It has no worker if the key is new, or if its worker takes no more
    /// jobs and has none of this key.
    public Affinity<W> affinity(String key) {
        Affinity<W> known = affinities.get(key);
        uses++;
        if (known != null) {
            known.setLastUse(uses);
            W worker = known.worker();
            if (worker != null && known.inHand() == 0) {
                release(worker);
            }
            return known;
        }
        if (affinities.size() >= mostKeys) {
            forgetUnused();
        }
        Affinity<W> made = new Affinity<>();
        made.setLastUse(uses);
        affinities.put(key, made);
        return made;
    }

    /// Forgets the keys that have no job and were not used for the longest time.
    private void forgetUnused() {
        affinities.values().removeIf(affinity -> {
            boolean isUnused = affinity.isIdle() && uses - affinity.lastUse() > KNOWN_KEYS;
            if (isUnused) {
                tie(affinity, null);
            }
            return isUnused;
        });
        mostKeys = affinities.size() + MORE_KEYS;
    }

    /// Makes the jobs of a key go to worker `next` from now on.
    public void tie(Affinity<W> affinity, @Nullable W next) {
        W former = affinity.worker();
        if (former == next) {
            return;
        }
        if (former != null) {
            former.countKeys(-1);
        }
        affinity.tieTo(next);
        if (next != null) {
            next.countKeys(1);
        }
    }

    /// Adds a job that has just come.
    public void add(J job) {
        queueOf(job).add(job);
        added(job);
    }

    /// Adds a job that has waited before, at its former place.
    public void putBack(J job) {
        queueOf(job).putBack(job);
        added(job);
    }

    private void added(J job) {
        count++;
        Affinity<W> affinity = job.affinity();
        if (affinity != null) {
            affinity.countWaiting(1);
            ofOne += affinity.worker() == null ? 0 : 1;
        }
    }

    private AgingQueue<J> queueOf(J job) {
        W worker = workerOf(job);
        return worker == null ? ofAny : worker.own();
    }

    /// Removes a job.
    ///
    /// @return whether it has waited
    public boolean remove(J job) {
        Affinity<W> affinity = job.affinity();
        W worker = workerOf(job);
        boolean wasOfOne = worker != null && worker.own().remove(job);
        if (!wasOfOne && !ofAny.remove(job)) {
            return false;
        }
        count--;
        ofOne -= wasOfOne ? 1 : 0;
        if (affinity != null) {
            affinity.countWaiting(-1);
        }
        return true;
    }

    /// The first job that a worker may get. It stays here until [#remove].
    ///
    /// @param isOwnOnly whether the jobs that any worker may do are left to other workers
    /// @param mayGo whether a job with a key may go to its worker now
    public @Nullable J first(W worker, boolean isOwnOnly, Predicate<J> mayGo) {
        J any = isOwnOnly ? null : firstOfAny();
        J own = firstOfItsKey(worker, worker.own().first(mayGo));
        return any == null || (own != null && AgingQueue.isBefore(own, any)) ? own : any;
    }

    /// The first waiting job of the key of `found`, which may be a later one: the key's last
    /// message may be sent during the search, outside of the lock, and only then may the key's jobs
    /// go.
    private @Nullable J firstOfItsKey(W worker, @Nullable J found) {
        if (found == null) {
            return null;
        }
        Affinity<W> key = found.affinity();
        return worker.own().first(job -> job.affinity() == key);
    }

    /// The first job that any worker may do. Jobs whose key has got a worker meanwhile are moved to
    /// that worker's own jobs.
    public @Nullable J firstOfAny() {
        J first = ofAny.first();
        W worker = workerOf(first);
        while (first != null && worker != null) {
            boolean _ = ofAny.remove(first);
            worker.own().putBack(first);
            ofOne++;
            release(worker); // it may take no more
            first = ofAny.first();
            worker = workerOf(first);
        }
        return first;
    }

    private static <W> @Nullable W workerOf(@Nullable Job<W> job) {
        Affinity<W> affinity = job == null ? null : job.affinity();
        return affinity == null ? null : affinity.worker();
    }

    /// Releases the jobs that wait for a worker that takes no more: any other may do those whose
    /// key has no job at that worker any more.
    public void release(W worker) {
        if (worker.isActive() || (worker.keys() == 0 && worker.own().isEmpty())) {
            return;
        }
        List<J> waiting = new ArrayList<>();
        worker.own().forEach(waiting::add);
        for (Affinity<W> affinity : affinities.values()) {
            if (affinity.worker() == worker && affinity.inHand() == 0) {
                tie(affinity, null);
            }
        }
        for (J job : waiting) {
            if (workerOf(job) == null) {
                boolean _ = worker.own().remove(job);
                ofAny.putBack(job);
                ofOne--;
            }
        }
    }

    /// Removes and returns all jobs that wait.
    ///
    /// @param workers all workers of the set
    public List<J> takeAll(Iterable<W> workers) {
        List<J> all = new ArrayList<>(count);
        ofAny.forEach(all::add);
        workers.forEach(worker -> worker.own().forEach(all::add));
        all.forEach(this::remove);
        return all;
    }
}
