package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.worker.JobResult;
import java.util.HashMap;
import java.util.Map;

/// The account of what has become of the elements of all streams: which were answered, and which
/// failed with which worker, compared with the ledger and with the kills.
///
/// An element fails only with a worker that was killed, and only if that worker had begun it, or
/// was about to, which is true of one element at most. Whatever else that worker had is done by
/// another.
final class StreamAccount {

    static final String BEGUN = "elements that failed with their worker, which had begun them";
    static final String AT_MARK =
            "elements that failed with their worker, which was about to begin them";
    static final String TWICE =
            "elements of idempotent jobs that failed, since their second worker was killed, too";
    static final String NOT_BEGUN =
            "elements that failed with their worker, which had not begun them";
    static final String AGAIN =
            "elements answered by a second worker, after the first was killed in their job";
    static final String ONCE = "elements answered by the only worker that has begun them";

    private final Ledger ledger;
    private final WorkerKiller killer;
    private final Findings findings;
    private final Map<Long, Integer> atMark = new HashMap<>(); // elements by their worker's pid

    StreamAccount(Ledger ledger, WorkerKiller killer, Findings findings) {
        this.ledger = ledger;
        this.killer = killer;
        this.findings = findings;
    }

    /// Checks one element of a stream; its job has ended, and no worker has it any more.
    void check(JobResult<Order, Long> result, boolean isIdempotent) {
        long begun = ledger.begun(result.data().number());
        switch (result) {
            case JobResult.Done<Order, Long>(Order order, Long answer) ->
                    checkDone(order, answer, begun, isIdempotent);
            case JobResult.Failed<Order, Long>(Order order, WorkerDied died) ->
                    checkDied(order, died, begun, isIdempotent);
            case JobResult.Failed<Order, Long>(Order order, RuntimeException failure) ->
                    findings.fault("%s failed with something else".formatted(order), failure);
        }
    }

    private void checkDone(Order order, Long answer, long begun, boolean isIdempotent) {
        long done = ledger.done(order.number());
        boolean isOften = isIdempotent ? begun == 1 || begun == 2 : begun == 1;
        if (answer != order.answer() || !isOften || done < 1 || done > begun) {
            findings.fault("%s has the answer %d, was begun %d times and done %d times"
                    .formatted(order, answer, begun, done));
        }
        findings.count(begun > 1 ? AGAIN : ONCE);
    }

    private void checkDied(Order order, WorkerDied died, long begun, boolean isIdempotent) {
        ChildReport report = died.report();
        int kills = report == null ? 0 : killer.kills(report.pid()); // a number may come again
        if (report == null || kills == 0) {
            findings.fault("%s failed with a worker that was not killed: %s".formatted(order,
                    died));
            return;
        }
        if (!died.hasStarted()) {
            findings.count(NOT_BEGUN);
            if (begun > 0 && !isIdempotent) {
                findings.fault("%s had begun, and its failure says that it had not: %s"
                        .formatted(order, died));
            }
            return;
        }
        if (begun > 0) {
            findings.count(isIdempotent ? TWICE : BEGUN);
            return;
        }
        findings.count(AT_MARK);
        if (atMark.merge(report.pid(), 1, Integer::sum) > kills) {
            findings.fault(
                    "%s is the second that worker %d was about to begin when it was killed: %s"
                            .formatted(order, report.pid(), died));
        }
    }

    /// Checks how often a job was begun, also where its stream was left before its turn.
    void checkOften(Order order, boolean isIdempotent) {
        long most = isIdempotent ? 2 : 1;
        long begun = ledger.begun(order.number());
        if (begun > most) {
            findings.fault("%s was begun %d times, at most %d are allowed".formatted(order, begun,
                    most));
        }
    }
}
