package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The jobs that wait for a worker, and the worker of a key.
@Timeout(20)
class WaitingJobsTest {

    private final WaitingJobs<Job, Place> waiting = new WaitingJobs<>();
    private final Place worker = new Place();
    private long lastNumber;

    /// A job of a key, or of none.
    private record Job(long number, long rank, long headStart,
            @Nullable Affinity<Place> affinity) implements WaitingJobs.Job<Place> {}

    /// A worker without a process.
    private static final class Place implements WaitingJobs.Worker<Job> {

        private final AgingQueue<Job> own = new AgingQueue<>();
        private boolean isActive = true;
        private int keys;

        @Override
        public AgingQueue<Job> own() {
            return own;
        }

        @Override
        public boolean isActive() {
            return isActive;
        }

        @Override
        public void countKeys(int change) {
            keys += change;
        }

        @Override
        public int keys() {
            return keys;
        }
    }

    private Job add(@Nullable Affinity<Place> key, boolean isRanked) {
        Job job = new Job(++lastNumber, lastNumber, isRanked ? 1 : 0, key);
        waiting.add(job);
        return job;
    }

    @Test
    void firstOfAKeyGoesFirstThoughTheKeyIsFreeOnlyAfterTheFirstLook() {
        Affinity<Place> key = waiting.affinity("key");
        waiting.tie(key, worker);
        Job first = add(key, true);
        Job _ = add(key, false);
        AtomicInteger looks = new AtomicInteger();

        Job found = waiting.first(worker, false, _ -> looks.incrementAndGet() > 1);

        assertThat(found).isSameAs(first);
    }

    @Test
    void jobsOfAWorkerThatTakesNoMoreMayGoToAnyOther() {
        Affinity<Place> key = waiting.affinity("key");
        waiting.tie(key, worker);
        Job job = add(key, false);
        worker.isActive = false;

        waiting.release(worker);

        assertThat(waiting.firstOfAny()).isSameAs(job);
        assertThat(worker.keys).isZero();
        assertThat(waiting.remove(job)).isTrue();
        assertThat(waiting.size()).isZero();
        assertThat(waiting.areAnyOfOne()).isFalse();
    }

    @Test
    void keysWithoutAJobAreForgottenWhenThereAreTooManyButForThoseUsedLast() {
        Affinity<Place> oldest = waiting.affinity("oldest");
        waiting.tie(oldest, worker);
        Affinity<Place> busy = waiting.affinity("busy");
        Job _ = add(busy, false);

        List<Affinity<Place>> keys = new ArrayList<>();
        for (int i = 0; i <= 2 * WaitingJobs.KNOWN_KEYS; i++) {
            keys.add(waiting.affinity("key " + i));
        }

        assertThat(worker.keys).isZero();
        assertThat(waiting.affinity("oldest")).isNotSameAs(oldest);
        assertThat(waiting.affinity("busy")).isSameAs(busy);
        for (int i = keys.size() - WaitingJobs.KNOWN_KEYS / 2; i < keys.size(); i++) {
            assertThat(waiting.affinity("key " + i)).isSameAs(keys.get(i));
        }
    }
}
