package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import dev.ipcchannel.worker.JobMapping;
import dev.ipcchannel.worker.JobResult;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetStats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The storm of streams of jobs by a set whose workers are killed all the time. The result of each
/// element is compared with the number of executions of its job.
public final class Streams implements Storm {

    private static final String WHOLE = "streams to their end, each checked to the last element";
    private static final String CUT = "streams that were left early";
    private static final String IN_ORDER = "elements in order";
    private static final String AS_THEY_COME = "elements as they came";
    private static final String BEGUN =
            "elements that failed with their worker, which had begun them";
    private static final String NOT_BEGUN =
            "elements that failed with their worker, which had not begun them";
    private static final String AGAIN =
            "elements answered by a second worker, after the first was killed in their job";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORKERS = 3;
    private static final int LENGTH = 300;
    private static final int LONGEST_MICROS = 3_000;
    private static final int MOST_JOBS_A_KILL = 40;

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public String aim() {
        return "SIGKILL of workers: each element of a stream of jobs has one result, in order,"
                + " and fails only with a worker that was doing it; jobs that are open when a"
                + " stream is left are cancelled";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        List.of(WorkerKiller.KILLS_IN_JOB, WHOLE, CUT, IN_ORDER, AS_THEY_COME, BEGUN, AGAIN)
                .forEach(findings::aim);
        SplittableRandom random = budget.random();
        Path file = Files.createTempFile("ledger-", ".bin");
        Ledger ledger = Ledger.open(file);
        try (WorkerSet<Order, Long> set = WorkerSet.builder(Order.class, Long.class)
                .worker(ChildJvm.of(LedgerWorker.class).arguments(file.toString()).shortLived()
                        .noClassArchive().heap(64L << 20))
                .workerCount(WORKERS).spares(2).queueCapacity(16)
                .restartLimit(Integer.MAX_VALUE, PATIENCE).start()) {
            WorkerKiller killer =
                    WorkerKiller.start(set, MOST_JOBS_A_KILL, random.split(), findings);
            try {
                int first = 0;
                while (first + LENGTH < Ledger.JOBS && (budget.isLeft()
                        || (budget.isExtended() && findings.isAimMissing()))) {
                    stream(set, first, ledger, random, findings);
                    first += LENGTH;
                }
            } finally {
                killer.end();
            }
            checkCounts(set.stats(), findings);
        }
        Files.delete(file);
    }

    /// Runs one stream of jobs, perhaps not to its end, and checks it.
    private static void stream(WorkerSet<Order, Long> set, int first, Ledger ledger,
            SplittableRandom random, Findings findings) throws Exception {
        List<Order> orders = IntStream.range(first, first + LENGTH)
                .mapToObj(number -> new Order(number, random.nextInt(LONGEST_MICROS), 0)).toList();
        boolean isOrdered = random.nextBoolean();
        boolean isIdempotent = random.nextBoolean();
        int enough = random.nextInt(4) == 0 ? random.nextInt(LENGTH) : LENGTH;
        JobMapping<Order, Long, Long> mapping =
                set.mapping().inFlight(random.nextInt(1, LENGTH));
        if (isIdempotent) {
            mapping = mapping.idempotent();
        }
        if (!isOrdered) {
            mapping = mapping.unordered();
        }
        List<JobResult<Order, Long>> results;
        try (Stream<JobResult<Order, Long>> all = mapping.withFailures().map(orders.stream())) {
            results = all.limit(enough).toList();
        }
        if (!set.drain(PATIENCE)) {
            findings.fault("jobs did not end within %s: %s".formatted(PATIENCE, set.stats()));
        }
        findings.count(enough < LENGTH ? CUT : WHOLE);
        findings.count(isOrdered ? IN_ORDER : AS_THEY_COME, results.size());
        checkElements(results, isOrdered ? orders.subList(0, enough) : orders, enough, isOrdered,
                findings);
        results.forEach(result -> check(result, isIdempotent, ledger, findings));
        orders.forEach(order -> checkOften(order, isIdempotent, ledger, findings));
    }

    private static void checkElements(List<JobResult<Order, Long>> results, List<Order> orders,
            int enough, boolean isOrdered, Findings findings) {
        List<Order> told = results.stream().map(JobResult::data).toList();
        Set<Order> once = new HashSet<>(told);
        if (told.size() != enough || once.size() != enough
                || (isOrdered ? !told.equals(orders) : !orders.containsAll(once))) {
            findings.fault("a stream of %d jobs from %s on, of which %d were wanted, %s, had these"
                    .formatted(LENGTH, orders.isEmpty() ? "none" : orders.getFirst(), enough,
                            isOrdered ? "in order" : "as they come")
                    + " elements: " + told);
        }
    }

    private static void check(JobResult<Order, Long> result, boolean isIdempotent, Ledger ledger,
            Findings findings) {
        long begun = ledger.begun(result.data().number());
        switch (result) {
            case JobResult.Done<Order, Long>(Order order, Long answer) -> {
                findings.count(AGAIN, begun > 1 ? 1 : 0);
                if (answer != order.answer() || ledger.done(order.number()) < 1) {
                    findings.fault("%s has the answer %d, and was begun %d times".formatted(order,
                            answer, begun));
                }
            }
            case JobResult.Failed<Order, Long>(Order _, WorkerDied died) when died.hasStarted() ->
                    findings.count(BEGUN);
            case JobResult.Failed<Order, Long>(Order order, WorkerDied died) -> {
                findings.count(NOT_BEGUN);
                if (begun > 0 && !isIdempotent) {
                    findings.fault("%s had begun, and its failure says that it had not: %s"
                            .formatted(order, died));
                }
            }
            case JobResult.Failed<Order, Long>(Order order, RuntimeException failure) ->
                    findings.fault("%s failed with something else".formatted(order), failure);
        }
    }

    private static void checkOften(Order order, boolean isIdempotent, Ledger ledger,
            Findings findings) {
        long most = isIdempotent ? 2 : 1;
        long begun = ledger.begun(order.number());
        if (begun > most) {
            findings.fault("%s was begun %d times, at most %d are allowed".formatted(order, begun,
                    most));
        }
    }

    private static void checkCounts(WorkerSetStats stats, Findings findings) {
        if (stats.running() + stats.queued() != 0
                || stats.completed() + stats.failed() + stats.cancelled() != stats.submitted()) {
            findings.fault("the set's counts do not add up: " + stats);
        }
        findings.count("jobs cancelled with their stream", stats.cancelled());
        findings.count("workers replaced", stats.restarts());
        findings.count("jobs given to another worker", stats.retried());
    }
}
