package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import dev.ipcchannel.worker.JobBuilder;
import dev.ipcchannel.worker.TimeoutAction;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetStats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// The storm that kills the workers of a set all the time. For each job it checks how often the job
/// was done, which end was reported, and whether the set has counted it once.
public final class Jobs implements Storm {

    private static final String WAVES = "waves of jobs, each checked to the last";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORKERS = 3;
    private static final int WAVE = 200;
    private static final int LONGEST_MICROS = 3_000;
    private static final int MOST_JOBS_A_KILL = 40;
    private static final int ODDS = 100;

    @Override
    public String name() {
        return "jobs";
    }

    @Override
    public String aim() {
        return "SIGKILL of workers: each job ends once, was done once if it was answered, is"
                + " tried no more often than it may be, and is counted once";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        List.of(WorkerKiller.KILLS, WorkerKiller.KILLS_IN_JOB, WAVES, Entry.ANSWERED, Entry.AGAIN,
                Entry.DIED_STARTED,
                Entry.TIMED_OUT, Entry.CANCELLED).forEach(findings::aim);
        SplittableRandom random = budget.random();
        Path file = Ledger.newFile();
        Ledger ledger = Ledger.open(file);
        List<Entry> all = new ArrayList<>();
        try (WorkerSet<Order, Long> set = LedgerSet.builder(file)
                .workerCount(WORKERS).jobsAtOnce(2).spares(2).queueCapacity(WAVE)
                .start()) {
            SplittableRandom own = random.split();
            WorkerKiller killer = WorkerKiller.start(set, MOST_JOBS_A_KILL, own, findings);
            try {
                while (all.size() + WAVE < Ledger.JOBS && (budget.isLeft()
                        || (budget.isExtended() && findings.isAimMissing()))) {
                    all.addAll(wave(set, all.size(), ledger, random, findings));
                }
            } finally {
                killer.end();
            }
            checkCounts(set.stats(), all.size(), findings);
        }
        all.forEach(entry -> entry.checkLater(ledger, findings));
        Files.delete(file);
    }

    /// Gives some jobs to the set, waits for their ends, and checks each.
    private static List<Entry> wave(WorkerSet<Order, Long> set, int first, Ledger ledger,
            SplittableRandom random, Findings findings) throws Exception {
        List<Entry> wave = new ArrayList<>();
        for (int i = 0; i < WAVE; i++) {
            wave.add(send(set, first + i, ledger, random, findings));
        }
        if (!set.drain(PATIENCE)) {
            findings.fault("jobs did not end within %s: %s".formatted(PATIENCE, set.stats()));
        }
        for (Entry entry : wave) {
            awaitDone(entry.accounted());
            entry.check(ledger, findings);
        }
        findings.count(WAVES);
        return wave;
    }

    /// Waits for a job: the last jobs are completed just after they are counted.
    private static void awaitDone(CompletableFuture<Long> job) throws InterruptedException {
        try {
            Long _ = job.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (CancellationException | ExecutionException | TimeoutException _) {
            // the caller checks it
        }
    }

    private static Entry send(WorkerSet<Order, Long> set, int number, Ledger ledger,
            SplittableRandom random, Findings findings) throws Exception {
        Order order = new Order(number, random.nextInt(LONGEST_MICROS), random.nextInt(3));
        JobBuilder<Order, Long> job = set.job(order);
        boolean isIdempotent = random.nextBoolean();
        if (isIdempotent) {
            job.idempotent();
        }
        int odds = random.nextInt(ODDS);
        if (odds < 8) {
            job.timeout(Duration.ofMillis(random.nextInt(1, 200)),
                    odds < 1 ? TimeoutAction.RESTART : TimeoutAction.ERROR);
        }
        Entry entry = new Entry(order, isIdempotent,
                findings.timed("send of a job", Duration.ZERO, job::send), ledger);
        if (odds >= 95) {
            LockSupport.parkNanos(random.nextInt(2_000_000));
            boolean _ = entry.future().cancel(false);
        }
        return entry;
    }

    private static void checkCounts(WorkerSetStats stats, int sent, Findings findings) {
        List<Long> reported = List.of(findings.counted(Entry.ANSWERED),
                findings.counted(Entry.DIED_STARTED) + findings.counted(Entry.DIED_UNSTARTED)
                        + findings.counted(Entry.TIMED_OUT),
                findings.counted(Entry.CANCELLED), (long) sent);
        List<Long> counted = List.of(stats.completed(), stats.failed(), stats.cancelled(),
                stats.submitted());
        if (!reported.equals(counted) || stats.running() + stats.queued() != 0) {
            findings.fault("the set's counts are not what was reported: reported=%s, counted=%s"
                    .formatted(reported, stats));
        }
        findings.count("workers replaced", stats.restarts());
        findings.count("jobs given to another worker", stats.retried());
    }
}
