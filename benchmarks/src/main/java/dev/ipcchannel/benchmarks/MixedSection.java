package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.JobMessage;
import dev.ipcchannel.benchmarks.worker.JobMessage.Stay;
import dev.ipcchannel.benchmarks.worker.JobWorker;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/// Short jobs among rare long ones: how long each waits while a worker is idle, since it was sent
/// ahead to one that has a long job.
final class MixedSection {

    private static final int WORKERS = 4;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHORT = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONG = 100 * MILLI;
    private static final int ONE_LONG_IN = 100;
    private static final double AIM_MILLIS = 5; // more than with nothing ahead
    private static final double SHARE = 0.999; // of the short jobs
    private static final int LEAST_JOBS = 10_000; // with fewer the aim is not judged
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Random random = new Random(5);
    private final Map<Way, List<long[]>> waits = new LinkedHashMap<>(); // of each round, sorted

    private MixedSection() {}

    /// A way that is measured.
    ///
    /// @param burst how many jobs come at once; there is one a millisecond in any case
    private record Way(String name, boolean isAhead, int burst) {}

    private static final Way ONE = new Way("one a ms, default", true, 1);
    private static final Way ONE_BARE = new Way("one a ms, nothing ahead", false, 1);
    private static final Way MANY = new Way("32 each 32 ms, default", true, 32);
    private static final Way MANY_BARE = new Way("32 each 32 ms, nothing ahead", false, 32);
    private static final List<Way> WAYS = List.of(ONE, ONE_BARE, MANY, MANY_BARE);

    /// A job that has ended.
    ///
    /// @param given and when it began, in nanoseconds
    private record Done(long given, long begun, long nanos) {

        boolean isShort() {
            return nanos == SHORT;
        }
    }

    static void run(Report report, Pace pace) throws InterruptedException {
        report.section("Short jobs among rare long ones, four workers",
                "One job in %d sleeps %d ms, each other one takes %d us. Time from send to begin "
                        .formatted(ONE_LONG_IN, LONG / MILLI,
                                TimeUnit.NANOSECONDS.toMicros(SHORT))
                        + "in which a worker was idle.");
        MixedSection section = new MixedSection();
        try (WorkerSet<JobMessage, Integer> ahead = start(builder());
                WorkerSet<JobMessage, Integer> bare = start(builder().prefetch(0))) {
            for (int round = 0; round <= pace.rounds(); round++) { // the first one to warm up
                for (Way way : WAYS) {
                    List<Done> done = section.round(way.isAhead() ? ahead : bare, way,
                            pace.sliceMillis());
                    if (round > 0) {
                        section.add(way, done);
                    }
                }
            }
        }
        section.print(report);
    }

    private static WorkerSetBuilder<JobMessage, Integer> builder() {
        return WorkerSet.builder(JobMessage.class, Integer.class)
                .worker(ChildJvm.of(JobWorker.class)).workerCount(WORKERS);
    }

    private static WorkerSet<JobMessage, Integer> start(
            WorkerSetBuilder<JobMessage, Integer> builder) throws InterruptedException {
        WorkerSet<JobMessage, Integer> set = builder.start();
        if (!set.awaitReady(PATIENCE)) {
            set.close();
            throw new BenchFailure("not all workers have started: count=" + WORKERS);
        }
        return set;
    }

    /// Gives a job for each millisecond, at its time, and waits for all of them.
    private List<Done> round(WorkerSet<JobMessage, Integer> set, Way way, long millis)
            throws InterruptedException {
        long start = System.nanoTime();
        int count = Math.toIntExact(Math.max(way.burst(), millis));
        long[] given = new long[count];
        long[] nanos = new long[count];
        List<CompletableFuture<Integer>> begun = new ArrayList<>(count);
        for (int job = 0; job < count; job++) {
            long due = start + (long) (job / way.burst()) * way.burst() * MILLI;
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            boolean isLong = random.nextInt(ONE_LONG_IN) == 0;
            nanos[job] = isLong ? LONG : SHORT;
            given[job] = System.nanoTime();
            begun.add(set.send(new Stay(nanos[job], isLong, start)));
        }
        List<Done> done = new ArrayList<>(count);
        for (int job = 0; job < count; job++) {
            long micros = begun.get(job).join();
            done.add(new Done(given[job], start + TimeUnit.MICROSECONDS.toNanos(micros),
                    nanos[job]));
        }
        return done;
    }

    private void add(Way way, List<Done> round) {
        IdleTime idle = IdleTime.of(round);
        long[] nanos = round.stream().filter(Done::isShort)
                .mapToLong(job -> idle.between(job.given(), job.begun())).sorted().toArray();
        waits.computeIfAbsent(way, _ -> new ArrayList<>()).add(nanos);
    }

    /// The time in which a worker was idle, as a function that rises in that time.
    private static final class IdleTime {

        private final long[] times; // at which it begins or ends to rise, in their order
        private final long[] sums; // its values at these

        private IdleTime(long[] times, long[] sums) {
            this.times = times;
            this.sums = sums;
        }

        static IdleTime of(List<Done> jobs) {
            long[] begins = jobs.stream().mapToLong(Done::begun).sorted().toArray();
            long[] ends = jobs.stream().mapToLong(job -> job.begun() + job.nanos()).sorted()
                    .toArray();
            long first = jobs.stream().mapToLong(Done::given).min().orElseThrow();
            long[] times = LongStream.concat(LongStream.of(first),
                    LongStream.concat(Arrays.stream(begins), Arrays.stream(ends))).sorted()
                    .toArray();
            long[] sums = new long[times.length];
            int begun = 0;
            int ended = 0;
            for (int i = 1; i < times.length; i++) {
                while (begun < begins.length && begins[begun] <= times[i - 1]) {
                    begun++;
                }
                while (ended < ends.length && ends[ended] <= times[i - 1]) {
                    ended++;
                }
                boolean isIdle = begun - ended < WORKERS;
                sums[i] = sums[i - 1] + (isIdle ? times[i] - times[i - 1] : 0);
            }
            return new IdleTime(times, sums);
        }

        /// All begins are among the times, and at a time between two the function is theirs.
        long between(long given, long begun) {
            return Math.max(0, at(begun) - at(given));
        }

        private long at(long time) {
            int place = Arrays.binarySearch(times, time);
            if (place >= 0) {
                return sums[place];
            }
            int next = Math.min(-place - 1, times.length - 1);
            boolean isRising = next > 0 && sums[next] > sums[next - 1];
            return sums[next] - (isRising ? times[next] - time : 0);
        }
    }

    private void print(Report report) {
        report.columns("p50 ms", "p99.9 ms", "max ms");
        for (Way way : WAYS) {
            report.row(way.name(), millis(way, 0.5), millis(way, SHARE), millis(way, 1), "");
        }
        judge(report, ONE, ONE_BARE);
        judge(report, MANY, MANY_BARE);
    }

    private String millis(Way way, double share) {
        return "%.2f".formatted(Spread.of(quantiles(way, share)).median());
    }

    private void judge(Report report, Way way, Way bare) {
        double[] more = quantiles(way, SHARE);
        double[] base = quantiles(bare, SHARE);
        Arrays.setAll(more, round -> more[round] - base[round]);
        Spread spread = Spread.of(more);
        String figure = "%.2f (%.2f..%.2f)".formatted(spread.median(), spread.min(), spread.max());
        report.row("  " + way.name() + ", more than with nothing ahead", "", figure, "",
                jobs(way) < LEAST_JOBS ? "not judged: %,d jobs are".formatted(LEAST_JOBS)
                        : "<= %.0f ms: ".formatted(AIM_MILLIS) + report.judge(
                                "%s: p99.9 <= %.0f ms more".formatted(way.name(), AIM_MILLIS),
                                figure, spread.median() <= AIM_MILLIS));
    }

    private int jobs(Way way) {
        return of(way).stream().mapToInt(round -> round.length).sum();
    }

    private List<long[]> of(Way way) {
        return waits.getOrDefault(way, List.of());
    }

    /// The wait that this share of the jobs does not exceed, of each round, in milliseconds.
    private double[] quantiles(Way way, double share) {
        return of(way).stream()
                .mapToDouble(round -> round[Math.min(round.length - 1,
                        (int) (share * round.length))] / (double) MILLI)
                .toArray();
    }
}
