package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The storm that kills and stops workers at random moments among short jobs, in turns over shared
/// memory and by Unix sockets. It compares the reported end of each job with the begin that the
/// worker has recorded before all else.
public final class Begun implements Storm {

    private static final String KILLS = "workers killed";
    private static final String STOPS = "workers stopped until another had done what they had not"
            + " begun";
    private static final String PAUSES = "workers stopped for a moment";
    private static final String KILLS_OF_STOPPED = "workers killed while they were stopped";
    private static final String UNIX = "bursts of jobs by Unix sockets";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORKERS = 3;
    private static final int SPARES = 2; // ready when the next one is killed
    private static final int MOST_JOBS = 100;
    private static final int LATEST_MICROS = 5_000;
    private static final int SOON_MICROS = 100;
    private static final int LOOK_NANOS = 20_000;
    private static final int PAUSE_NANOS = 1_000_000;
    private static final int TURN_BURSTS = 8; // by one transport, then by the other

    @Override
    public String name() {
        return "begun";
    }

    @Override
    public String aim() {
        return "SIGKILL and SIGSTOP of workers among short jobs: a job that is reported as begun"
                + " was begun, one that a worker has not begun is done by another, and none is"
                + " done twice";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        List.of(KILLS, STOPS, PAUSES, KILLS_OF_STOPPED, UNIX, Burst.BEGUN, Entry.ANSWERED)
                .forEach(findings::aim);
        SplittableRandom random = budget.random();
        Path file = Ledger.newFile();
        Ledger ledger = Ledger.open(file);
        int given = 0;
        try (WorkerSet<Order, Long> marked = set(file, Transport.shm());
                WorkerSet<Order, Long> said = set(file, Transport.unix())) {
            for (int turn = 0; given + MOST_JOBS < Ledger.JOBS && (budget.isLeft()
                    || (budget.isExtended() && findings.isAimMissing())); turn++) {
                boolean isMarked = turn / TURN_BURSTS % 2 == 0;
                WorkerSet<Order, Long> set = isMarked ? marked : said;
                int count = random.nextInt(MOST_JOBS / 2, MOST_JOBS);
                Burst burst = Burst.send(set, given, count, ledger, random);
                given += count;
                awaitMoment(burst, random);
                int killed = strike(set, burst, isMarked, random, findings);
                burst.check(killed, PATIENCE, findings);
                findings.count(UNIX, isMarked ? 0 : 1);
            }
        }
        Files.delete(file);
    }

    private static WorkerSet<Order, Long> set(Path file, Transport transport)
            throws InterruptedException {
        return LedgerSet.builder(file, transport).workerCount(WORKERS).spares(SPARES)
                .queueCapacity(MOST_JOBS).start();
    }

    /// Some time after the burst was given, or just after one of its jobs has begun.
    private static void awaitMoment(Burst burst, SplittableRandom random) {
        if (random.nextBoolean()) {
            pause(random.nextInt(LATEST_MICROS));
            return;
        }
        int job = random.nextInt(burst.orders().size());
        while (!burst.isBegun(job)) { // or it has failed unbegun
            LockSupport.parkNanos(LOOK_NANOS); // workers need the processors
        }
        long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(SOON_MICROS));
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait(); // to sleep takes longer
        }
    }

    /// Kills some workers, or stops one.
    ///
    /// @param isMarked whether a stopped worker's mark says what it has begun: else it keeps what
    /// it has, since it has to agree
    /// @return how many were killed
    private static int strike(WorkerSet<?, ?> set, Burst burst, boolean isMarked,
            SplittableRandom random, Findings findings) throws IOException, InterruptedException {
        if (!comes(() -> !active(set).isEmpty())) {
            findings.fault("no worker came within %s: %s".formatted(PATIENCE, set.stats()));
            return 0;
        }
        List<Long> active = active(set);
        if (active.isEmpty()) {
            return 0; // it has gone again by itself
        }
        long pid = active.get(random.nextInt(active.size()));
        return switch (random.nextInt(isMarked ? 6 : 5)) {
            case 0, 1, 2, 3 -> kill(active, random, findings);
            case 5 -> stopUntilDone(pid, burst, random, findings);
            default -> stopForAMoment(pid, random, findings);
        };
    }

    private static int kill(List<Long> active, SplittableRandom random, Findings findings) {
        int most = random.nextInt(active.size()) + 1;
        long killed = active.stream().limit(most).flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(ProcessHandle::destroyForcibly).count();
        findings.count(KILLS, killed);
        return Math.toIntExact(killed);
    }

    private static int stopUntilDone(long pid, Burst burst, SplittableRandom random,
            Findings findings) throws IOException, InterruptedException {
        signal("STOP", pid);
        if (!comes(() -> burst.waiting() <= 1)) {
            findings.fault("%d jobs wait for a stopped worker, which has begun one"
                    .formatted(burst.waiting()));
        }
        findings.count(STOPS);
        return goOnOrDie(pid, random, findings);
    }

    private static int stopForAMoment(long pid, SplittableRandom random, Findings findings)
            throws IOException, InterruptedException {
        signal("STOP", pid);
        pause(random.nextInt(2 * LATEST_MICROS));
        findings.count(PAUSES);
        return goOnOrDie(pid, random, findings);
    }

    private static int goOnOrDie(long pid, SplittableRandom random, Findings findings)
            throws IOException, InterruptedException {
        boolean isKilled = random.nextInt(3) == 0;
        signal(isKilled ? "KILL" : "CONT", pid);
        findings.count(KILLS_OF_STOPPED, isKilled ? 1 : 0);
        return isKilled ? 1 : 0;
    }

    private static List<Long> active(WorkerSet<?, ?> set) {
        return set.workers().stream()
                .filter(worker -> worker.state() == WorkerSnapshot.State.ACTIVE)
                .map(WorkerSnapshot::pid).toList();
    }

    private static boolean comes(BooleanSupplier fact) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private static void pause(int micros) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        int _ = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
    }
}
