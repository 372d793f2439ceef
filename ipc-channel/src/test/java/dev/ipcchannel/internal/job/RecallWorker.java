package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallRequest.Fact;
import dev.ipcchannel.internal.job.RecallScenario.Batch;
import dev.ipcchannel.internal.ring.RingMarks;

/// The worker of the model: it says which job it begins, looks whether that was taken back, and
/// runs it.
final class RecallWorker {

    private static final long NOTHING_HELD = -1;

    private final boolean sendsParts;
    private final RecallView view;
    private final RingMarks marks;
    private long held = NOTHING_HELD; // the last results of a batch, in the mutant that is late

    RecallWorker(RecallScenario scenario, RecallView view) {
        this.sendsParts = scenario.sendsParts();
        this.view = view;
        this.marks = RingMarks.ofReader(view, 0);
    }

    /// Runs what comes, until nothing more can.
    void run() {
        for (long event = view.receive(); event != RecallRequest.END; event = view.receive()) {
            run(RecallMessage.batch(event), RecallMessage.epoch(event));
        }
        view.stop();
    }

    private void run(Batch batch, long epoch) {
        int results = 0; // that are not sent
        for (int job = batch.first(); job < batch.end(); job++) {
            if (!begins(job, epoch)) {
                break; // this one and the rest are given back
            }
            view.note(Fact.RUNS, job);
            view.note(Fact.RETURNS, job);
            if (view.is(RecallMutant.MARK_AFTER_JOB)) {
                marks.set(job);
            }
            results++;
            if (sendsParts && job + 1 < batch.end() && view.chooses()) {
                view.send(RecallMessage.results(results, false));
                results = 0;
            }
        }
        // Before the next batch is begun: a host that sees that mark finds these results.
        sendLast(RecallMessage.results(results, true));
    }

    /// Says that it begins a job, then looks whether it still may. The fence of [RingMarks#set]
    /// pairs with that of the host's: either this look sees the new epoch, or the host's sees the
    /// mark.
    private boolean begins(int job, long epoch) {
        if (view.is(RecallMutant.LOOK_BEFORE_MARK)) {
            boolean isDue = marks.other() == epoch;
            marks.set(job);
            return isDue;
        }
        if (!view.is(RecallMutant.MARK_AFTER_JOB)) {
            marks.set(job);
        }
        sendHeld();
        return view.is(RecallMutant.NO_LOOK) || marks.other() == epoch;
    }

    private void sendLast(long results) {
        if (view.is(RecallMutant.RESULTS_AFTER_NEXT_BEGIN)) {
            held = results;
        } else {
            view.send(results);
        }
    }

    private void sendHeld() {
        if (held != NOTHING_HELD) {
            view.send(held);
            held = NOTHING_HELD;
        }
    }
}
