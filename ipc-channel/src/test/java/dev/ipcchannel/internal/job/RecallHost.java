package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallRequest.Fact;
import dev.ipcchannel.internal.job.RecallScenario.Batch;
import dev.ipcchannel.internal.ring.RingMarks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The host of the model: it gives jobs to the worker, takes them back, and decides what a worker
/// that died had begun.
///
/// What is begun follows from the worker's mark and the order of the ring. The batches before the
/// one that contains the mark are done, and their results are on the way, for the worker commits
/// them before it stores the mark of another batch. Of that one, what comes up to the mark is
/// begun. All else is not: the worker sees the new epoch before it runs it.
final class RecallHost {

    private final RecallScenario scenario;
    private final RecallView view;
    private final RingMarks marks;
    private final Deque<Batch> open = new ArrayDeque<>(); // with the worker, in order
    private final NavigableSet<Integer> pending = new TreeSet<>(); // its jobs without a result
    private final Deque<Batch> later;
    private int done; // of the first batch that is open
    private int recalls;
    private long epoch;

    RecallHost(RecallScenario scenario, RecallView view) {
        this.scenario = scenario;
        this.view = view;
        this.marks = RingMarks.ofWriter(view, 0);
        this.later = new ArrayDeque<>(scenario.later());
    }

    /// Gives all jobs out and sees each to its end.
    void run() {
        scenario.batches().forEach(this::give);
        while (!open.isEmpty()) {
            long event = view.nextEvent(recalls < scenario.recalls());
            if (event == RecallRequest.RECALL) {
                recalls++;
                recall();
            } else if (event == RecallRequest.END) {
                decideDeath();
            } else {
                receive(event);
            }
        }
        view.stop();
    }

    private void give(Batch batch) {
        open.add(batch);
        for (int job = batch.first(); job < batch.end(); job++) {
            pending.add(job);
        }
        view.send(RecallMessage.jobs(batch, epoch));
    }

    /// Has all that is not begun again, at once.
    private void recall() {
        int before = view.whatRuns();
        epoch++;
        long begun;
        if (view.is(RecallMutant.LOOK_BEFORE_EPOCH)) {
            begun = marks.other();
            marks.set(epoch);
        } else {
            marks.set(epoch);
            begun = marks.other();
        }
        takeBack(begun);
        checkAllIsBack(before, view.whatRuns());
        if (!later.isEmpty()) {
            give(later.remove());
        }
    }

    private void takeBack(long begun) {
        if (view.is(RecallMutant.NUMBERS_FOR_ORDER)) {
            open.forEach(batch -> giveAway(pendingOf(batch, Math.max(begun + 1, batch.first()))));
            return;
        }
        boolean isBefore = !view.is(RecallMutant.EARLIER_BATCHES_TOO)
                && open.stream().anyMatch(batch -> batch.contains(begun));
        for (Batch batch : open) {
            if (batch.contains(begun)) {
                isBefore = false;
                long kept = view.is(RecallMutant.JOB_AT_THE_MARK_TOO) ? begun - 1 : begun;
                giveAway(pendingOf(batch, kept + 1));
            } else if (!isBefore && !view.is(RecallMutant.BEGUN_BATCH_ALONE)) {
                giveAway(pendingOf(batch, batch.first()));
            }
        }
    }

    /// Where the worker has stood in one handler all the time, only what comes before the end of
    /// that one is still its own.
    private void checkAllIsBack(int before, int after) {
        if (before == 0 || before != after) {
            return;
        }
        boolean isPast = false;
        for (Batch batch : open) {
            isPast |= batch.contains(before);
            if (isPast) {
                int next = batch.contains(before) ? before + 1 : batch.first();
                view.check(pendingOf(batch, next).isEmpty(),
                        "a job that is not back while the worker stands in one before it");
            }
        }
    }

    private void receive(long event) {
        Batch first = open.element();
        int to = first.first() + done + RecallMessage.count(event);
        for (int job = first.first() + done; job < to; job++) {
            view.check(pending.remove(job), "a result of a job that another worker has");
            view.note(Fact.HAS_RESULT, job);
        }
        done = to - first.first();
        if (RecallMessage.isLast(event)) {
            done = 0;
            open.remove();
            giveAway(pendingOf(first, first.first()));
        }
    }

    /// After all results: what was committed comes before the end.
    private void decideDeath() {
        long begun = marks.other();
        for (Batch batch : open) {
            long end = batch.contains(begun) ? begun + 1 : batch.first();
            for (int job : pendingOf(batch, batch.first())) {
                if (job < end) {
                    pending.remove(job);
                    view.note(Fact.IS_SAID_BEGUN, job);
                }
            }
            giveAway(pendingOf(batch, batch.first()));
        }
        open.clear();
    }

    private List<Integer> pendingOf(Batch batch, long from) {
        return from >= batch.end() ? List.of()
                : new ArrayList<>(pending.subSet((int) from, batch.end()));
    }

    private void giveAway(List<Integer> jobs) {
        for (int job : jobs) {
            pending.remove(job);
            view.note(Fact.IS_GIVEN_AWAY, job);
        }
    }
}
