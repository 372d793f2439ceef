package dev.ipcchannel.torture.jobs;

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
        List.of(WorkerKiller.KILLS_IN_JOB, WHOLE, CUT, IN_ORDER, AS_THEY_COME,
                StreamAccount.ONCE, StreamAccount.BEGUN, StreamAccount.AGAIN)
                .forEach(findings::aim);
        SplittableRandom random = budget.random();
        Path file = Ledger.newFile();
        Ledger ledger = Ledger.open(file);
        try (WorkerSet<Order, Long> set = LedgerSet.builder(file)
                .workerCount(WORKERS).spares(2).queueCapacity(16).start()) {
            WorkerKiller killer =
                    WorkerKiller.start(set, MOST_JOBS_A_KILL, random.split(), findings);
            StreamAccount account = new StreamAccount(ledger, killer, findings);
            try {
                int first = 0;
                while (first + LENGTH < Ledger.JOBS && (budget.isLeft()
                        || (budget.isExtended() && findings.isAimMissing()))) {
                    stream(set, first, account, random, findings);
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
    private static void stream(WorkerSet<Order, Long> set, int first, StreamAccount account,
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
        results.forEach(result -> account.check(result, isIdempotent));
        orders.forEach(order -> account.checkOften(order, isIdempotent));
    }

    private static void checkElements(List<JobResult<Order, Long>> results, List<Order> orders,
            int enough, boolean isOrdered, Findings findings) {
        List<Order> reported = results.stream().map(JobResult::data).toList();
        Set<Order> once = new HashSet<>(reported);
        if (reported.size() != enough || once.size() != enough
                || (isOrdered ? !reported.equals(orders) : !orders.containsAll(once))) {
            findings.fault("a stream of %d jobs from %s on, of which %d were wanted, %s, had these"
                    .formatted(LENGTH, orders.isEmpty() ? "none" : orders.getFirst(), enough,
                            isOrdered ? "in order" : "as they come")
                    + " elements: " + reported);
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
