package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.Decisions.attempt;
import static dev.ipcchannel.worker.Decisions.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.EndClosed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Jobs of a key whose worker is warm, full, at its end or asked for what it has not begun: by the
/// decisions alone, without a process.
@SuppressWarnings("ReferenceEquality") // workers are meant by identity
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyedJobsTest {

    private static int number(PendingJob<String, String> job) {
        return attempt(job).worker().snapshot().number();
    }

    private static void quick(WorkerHandle<String, String> worker) {
        for (int i = 0; i < 300; i++) {
            worker.pace().ended(1, 1);
        }
    }

    /// As Dispatcher.submit does: distribute only where the job waits.
    private static void admitOnly(Decisions set, PendingJob<String, String> job) {
        set.decide(() -> {
            try {
                boolean _ = set.queue.admit(job);
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            }
            if (job.attempt() != null) {
                set.send(attempt(job).batch());
            } else {
                set.queue.distribute();
            }
        });
    }

    @Test
    void waitingJobOfAKeyGoesOnWhenTheWorkerDiesWithABegunJobThatIsNotTriedAgain() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        Decisions.begin(first);
        PendingJob<String, String> second = set.give("second", "key", 0);
        set.die(number(first));
        set.startAll();
        assertThat(first.isEnded()).isTrue();
        assertThat(second.attempt()).isNotNull();
    }

    @Test
    void closeFailsAJobThatHasWaitedForADeadWorker() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        Decisions.begin(first);
        PendingJob<String, String> second = set.give("second", "key", 0);
        set.die(number(first));
        set.startAll();
        set.decide(() -> set.staffing.close(new EndClosed("closed")));
        assertThat(second.isEnded()).isTrue();
        assertThat(set.queue.size()).isZero();
    }

    @Test
    void jobOfAKeyInTheQueueOfAllIsNotLeftToAWorkerThatHasRetired() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> a = set.give("a");
        PendingJob<String, String> b = set.give("b");
        PendingJob<String, String> first = set.give("first", "key", 0);
        PendingJob<String, String> second = set.give("second", "key", 0);
        set.end(a, null); // first goes to a's worker
        WorkerHandle<String, String> old = attempt(first).worker();
        assertThat(second.attempt()).isNull();
        set.decide(() -> set.staffing.renew(old, "its age"));
        set.end(first, null); // it ends
        assertThat(set.orders).contains("end " + old.snapshot().number());
        set.decide(() -> set.events.buried(old, true, Decisions.REPORT, null));
        set.end(b, null);
        set.startAll();
        assertThat(second.attempt()).isNotNull();
    }

    @Test
    void laterJobOfAKeyDoesNotOvertakeOneThatIsLeftToAWarmWorker() {
        Decisions set = new Decisions(options(2, 1, SetOptions.BY_PACE, 0, 900)).ready();
        PendingJob<String, String> one = set.give("one");
        PendingJob<String, String> other = set.give("other");
        set.roster.all().forEach(KeyedJobsTest::quick);
        WorkerHandle<String, String> warm = attempt(one).worker();
        set.end(one, null);
        set.give("busy");
        set.give("ahead");
        set.roster.all().forEach(worker -> worker.pace().limit(worker == warm ? 1 : 0));
        PendingJob<String, String> first = set.give("first", "key", 0);
        assertThat(first.attempt()).isNull();
        set.end(other, null);
        assertThat(first.attempt()).as("left to the warm one").isNull();
        set.give("second", "key", 0);
        List<String> keyed = set.orders.stream()
                .filter(order -> order.matches("send .*(first|second).*")).toList();
        assertThat(keyed.isEmpty() || keyed.getFirst().startsWith("send first"))
                .as("%s", set.orders).isTrue();
    }

    @Test
    void jobsOfAKeyThatWereLeftToAWarmWorkerGoOnceItHasNoMore() {
        Decisions set = new Decisions(options(2, 1, SetOptions.BY_PACE, 0, 900)).ready();
        PendingJob<String, String> one = set.give("one");
        PendingJob<String, String> other = set.give("other");
        set.roster.all().forEach(KeyedJobsTest::quick);
        WorkerHandle<String, String> warm = attempt(one).worker();
        set.end(one, null);
        PendingJob<String, String> busy = set.give("busy");
        PendingJob<String, String> ahead = set.give("ahead");
        set.roster.all().forEach(worker -> worker.pace().limit(worker == warm ? 1 : 0));
        PendingJob<String, String> first = set.give("first", "key", 0);
        set.end(other, null);
        PendingJob<String, String> second = set.job("second", "key", 0);
        admitOnly(set, second);
        set.end(busy, null);
        set.end(ahead, null);
        assertThat(first.attempt()).as("%s", set.orders).isNotNull();
        assertThat(second.attempt()).as("%s", set.orders).isNotNull();
    }

    @Test
    void priorityOfAJobThatIsOverDoesNotDelayTheNextOfItsKey() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 9)).ready();
        PendingJob<String, String> low = set.give("low", "key", -1000);
        set.end(low, null);
        PendingJob<String, String> busy = set.give("busy");
        PendingJob<String, String> next = set.give("next", "key", 0);
        set.give("plain");
        set.end(busy, null);
        assertThat(next.attempt()).as("%s", set.orders).isNotNull();
    }

    @Test
    void priorityOfAJobThatWasRefusedDoesNotDelayTheNextOfItsKey() {
        Decisions set = new Decisions(options(1, 1, 0, 0, 2)).ready();
        PendingJob<String, String> busy = set.give("busy");
        PendingJob<String, String> w1 = set.give("w1");
        PendingJob<String, String> w2 = set.give("w2");
        assertThat(set.isAdmitted(set.job("low", "key", -1000))).isFalse();
        set.end(busy, null);
        set.end(w1, null);
        PendingJob<String, String> next = set.give("next", "key", 0);
        set.give("plain");
        set.end(w2, null);
        set.startAll();
        assertThat(next.attempt()).as("%s", set.orders).isNotNull();
    }

    @Test
    void hasRoomIsTrueWhereAdmitTakesAJobWithoutAKey() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 1)).ready();
        set.give("busy", "key", 0);
        PendingJob<String, String> other = set.give("other");
        set.give("waits", "key", 0);
        assertThat(set.isAdmitted(set.job("no room"))).isFalse();
        set.end(other, null);
        boolean hasRoom = set.queue.hasRoom();
        assertThat(set.isAdmitted(set.job("now"))).isTrue();
        assertThat(hasRoom).isTrue();
    }

    @Test
    void idleKeyKeepsNoDeadWorker() {
        Decisions set = new Decisions(options(2, 1, 0, 0, 9)).ready();
        PendingJob<String, String> first = set.give("first", "key", 0);
        WorkerHandle<String, String> old = attempt(first).worker();
        set.end(first, null);
        set.decide(() -> set.staffing.renew(old, "its age"));
        set.decide(() -> set.events.buried(old, true, Decisions.REPORT, null));
        set.startAll();
        assertThat(old.keys()).isZero();
    }

    @Test
    void jobOfAKeyThatIsTakenBackDoesNotOvertakeOneThatTheWorkerWasAskedFor() {
        Decisions set = new Decisions(options(2, 1, 4, 0, 90)).readyWithMarks();
        PendingJob<String, String> busy = set.give("long", "key", 0);
        WorkerHandle<String, String> worker = attempt(busy).worker();
        PendingJob<String, String> first = set.give("first", "key", 0); // ahead, alone
        assertThat(attempt(first).batch().isMarked()).isFalse();
        Decisions.begin(busy);
        worker.setTakesBatches();
        // two of the key in one batch
        List<PendingJob<String, String>> more = new ArrayList<>();
        set.decide(() -> {
            for (String data : List.of("second", "third")) {
                PendingJob<String, String> job = set.job(data, "key", 0);
                more.add(job);
                job.takenIn(100 + more.size(), System.nanoTime(), first.affinity());
            }
            Batch<String, String> batch = worker.take(more);
            batch.attempts().forEach(attempt -> {
                set.queue.giveToCaller(attempt.job()); // in hand
                attempt.job().assigned(attempt);
            });
            set.send(batch);
        });
        assertThat(attempt(more.get(0)).batch().isMarked()).isTrue();
        // the third is cancelled: the worker is to give all back
        set.orders.clear();
        Batch.Attempt<String, String> third = attempt(more.get(1));
        more.get(1).future().cancel(true);
        set.decide(() -> set.events.stop(third));
        assertThat(attempt(first).batch().isWithdrawn()).isTrue();
        assertThat(more.get(0).attempt())
                .as("sent again, before the first is back: %s", set.orders).isNull();
    }

    @Test
    void jobInTheOwnQueueDoesNotOvertakeOneOfItsKeyInTheQueueOfAll() {
        Decisions set = new Decisions(options(2, 1, SetOptions.BY_PACE, 0, 900)).ready();
        PendingJob<String, String> one = set.give("one");
        PendingJob<String, String> other = set.give("other");
        set.roster.all().forEach(KeyedJobsTest::quick);
        WorkerHandle<String, String> warm = attempt(one).worker();
        WorkerHandle<String, String> cold = attempt(other).worker();
        for (int i = 0; i < 300; i++) {
            cold.pace().ended(60_000, 1); // not short
        }
        set.end(one, null);
        set.give("busy");
        set.give("ahead");
        warm.pace().limit(1);
        cold.pace().limit(0);
        PendingJob<String, String> first = set.give("first", "key", 0);
        set.end(other, null);
        assertThat(first.attempt()).as("left to the warm one").isNull();
        PendingJob<String, String> second = set.job("second", "key", 0);
        admitOnly(set, second);
        assertThat(second.attempt() != null && first.attempt() == null).as("%s", set.orders)
                .isFalse();
    }
}
