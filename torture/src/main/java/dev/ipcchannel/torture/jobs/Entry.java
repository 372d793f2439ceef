package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.torture.Findings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// A job on the host's side: its order, the number of ends reported for it, and its state in the
/// ledger at the first end.
final class Entry {

    static final String ANSWERED = "jobs answered";
    static final String AGAIN =
            "jobs answered by a second worker, after the first was killed in it";
    static final String DIED_STARTED = "jobs failed with their worker, which had begun them";
    static final String DIED_UNSTARTED = "jobs failed with their worker, which had not begun them";
    static final String TIMED_OUT = "jobs timed out";
    static final String CANCELLED = "jobs cancelled";

    private static final int UNTOLD = -1;

    private final Order order;
    private final boolean isIdempotent;
    private final CompletableFuture<Long> future;
    private final CompletableFuture<Long> accounted; // completes once the ledger was read
    private final AtomicInteger ends = new AtomicInteger();
    private volatile long begunWhenAnswered = UNTOLD;

    Entry(Order order, boolean isIdempotent, CompletableFuture<Long> future, Ledger ledger) {
        this.order = order;
        this.isIdempotent = isIdempotent;
        this.future = future;
        this.accounted = future.whenComplete((answer, _) -> {
            ends.incrementAndGet();
            if (answer != null) {
                begunWhenAnswered = ledger.begun(order.number());
            }
        });
    }

    CompletableFuture<Long> future() {
        return future;
    }

    CompletableFuture<Long> accounted() {
        return accounted;
    }

    /// Checks a job that has ended and that no worker has.
    void check(Ledger ledger, Findings findings) {
        long begun = ledger.begun(order.number());
        long most = isIdempotent ? 2 : 1;
        if (begun > most) {
            findings.fault("%s was begun %d times, at most %d are allowed".formatted(order, begun,
                    most));
        }
        if (ends.get() != 1) {
            findings.fault("the end of %s was reported %d times".formatted(order, ends.get()));
        }
        switch (future.state()) {
            case SUCCESS ->
                    checkAnswer(future.resultNow(), begun, ledger.done(order.number()), findings);
            case FAILED -> checkFailure(future.exceptionNow(), begun, findings);
            case CANCELLED -> findings.count(CANCELLED);
            case RUNNING -> findings.fault("%s has not ended".formatted(order));
        }
    }

    private void checkAnswer(Long answer, long begun, long done, Findings findings) {
        findings.count(ANSWERED);
        if (begun > 1) {
            findings.count(AGAIN);
        }
        if (answer != order.answer()) {
            findings.fault("%s got the answer %d".formatted(order, answer));
        }
        if (done < 1 || done > begun) {
            findings.fault("%s was answered, begun %d times and done %d times".formatted(order,
                    begun, done));
        }
    }

    private void checkFailure(Throwable failure, long begun, Findings findings) {
        switch (failure) {
            case WorkerDied died when died.hasStarted() -> findings.count(DIED_STARTED);
            case WorkerDied died -> {
                findings.count(DIED_UNSTARTED);
                if (begun > 0 && !isIdempotent) {
                    findings.fault("%s had begun, and its failure says that it had not: %s"
                            .formatted(order, died));
                }
            }
            case TimedOut _ -> findings.count(TIMED_OUT);
            default ->
                    findings.fault("%s failed with something else: %s".formatted(order, failure));
        }
    }

    /// Checks, when all jobs have ended, that no worker has done the job again after its answer.
    void checkLater(Ledger ledger, Findings findings) {
        long begun = ledger.begun(order.number());
        if (begunWhenAnswered != UNTOLD && begun != begunWhenAnswered) {
            findings.fault("%s was begun again after it was answered: %d times before, %d now"
                    .formatted(order, begunWhenAnswered, begun));
        }
    }
}
