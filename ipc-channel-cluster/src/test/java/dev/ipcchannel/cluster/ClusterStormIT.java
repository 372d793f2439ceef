package dev.ipcchannel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream of jobs over nodes that are killed and stopped at random, as are their workers and the
/// server, and an exact account of it. Lasts some seconds, or minutes by
/// `-Dipcchannel.storm.minutes`; `-Dipcchannel.storm.seed` repeats the choices of a run.
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterStormIT {

    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TestSettings SETTINGS = new TestSettings(1, 4, 30, 1);
    private static final int NODES = 3;
    private static final int WORKERS = 2;
    private static final int AT_ONCE = 40;

    @TempDir
    Path folder;

    private NatsServer server;
    private ClusterWorkers<Deed, String> workers;
    private final List<NodeProgram> nodes = new ArrayList<>();
    private final List<Sent> jobs = new ArrayList<>();
    private final Map<String, Integer> faults = new TreeMap<>();

    /// A job with the number of its ends and its file of begins.
    private record Sent(CompletableFuture<String> future, AtomicInteger ends, Path file,
            boolean isIdempotent) {

        int begins() throws IOException {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        }

        int mostBegins() {
            return isIdempotent ? 2 : 1;
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start(Files.createDirectory(folder.resolve("server")));
        for (int i = 0; i < NODES; i++) {
            nodes.add(node());
        }
        workers = ClusterWorkers.connect(SETTINGS.options(server.url()), "deeds",
                TypeToken.of(Deed.class), TypeToken.of(String.class));
    }

    private NodeProgram node() throws Exception {
        return NodeProgram.start(server.url(), SETTINGS, WORKERS, folder);
    }

    @AfterEach
    void end() {
        nodes.forEach(NodeProgram::close);
        workers.close();
        server.close();
    }

    @Test
    void eachJobHasOneEndAndNoMoreBeginsThanItMayHave() throws Exception {
        long seed = Long.getLong("ipcchannel.storm.seed", System.nanoTime());
        Integer minutes = Integer.getInteger("ipcchannel.storm.minutes");
        Duration time = minutes == null ? SHORT : Duration.ofMinutes(minutes);
        long end = System.nanoTime() + time.toNanos();
        Thread load = Thread.ofPlatform().start(() -> load(new Random(seed), end));
        Random random = new Random(seed + 1);
        while (end - System.nanoTime() > 0) {
            Thread.sleep(random.nextInt(1_000)); // the pace of the storm
            oneFault(random);
        }
        load.join();
        account(seed);
    }

    /// Gives jobs of up to 50 ms, a bounded number of them at once.
    private void load(Random random, long end) {
        Semaphore room = new Semaphore(AT_ONCE);
        try {
            for (int i = 0; end - System.nanoTime() > 0; i++) {
                room.acquire();
                Path file = folder.resolve("job" + i);
                Deed deed = new Deed.Work(file.toString(), random.nextInt(50));
                boolean isIdempotent = random.nextBoolean();
                CompletableFuture<String> future = isIdempotent
                        ? workers.job(deed).idempotent().send() : workers.send(deed);
                AtomicInteger ends = new AtomicInteger();
                jobs.add(new Sent(future, ends, file, isIdempotent));
                var _ = future.whenComplete((_, _) -> {
                    ends.incrementAndGet();
                    room.release();
                });
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private void oneFault(Random random) throws Exception {
        int victim = random.nextInt(NODES);
        switch (random.nextInt(8)) {
            case 0 -> {
                count("server killed");
                server.kill();
                server.startAgain();
            }
            case 1, 2 -> {
                count("node killed");
                nodes.get(victim).kill();
                nodes.set(victim, node());
            }
            case 3 -> {
                count("node stopped for a while");
                nodes.get(victim).stop();
                Thread.sleep(random.nextInt(3_000)); // that while
                nodes.get(victim).goOn();
            }
            default -> {
                List<ProcessHandle> processes = nodes.get(victim).workers();
                if (!processes.isEmpty()) {
                    count("worker killed");
                    boolean _ = processes.get(random.nextInt(processes.size())).destroyForcibly();
                }
            }
        }
    }

    private void count(String fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    private void account(long seed) throws Exception {
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Sent job : jobs) {
            String outcome = outcome(job.future, end);
            outcomes.merge(outcome, 1, Integer::sum);
            String fault = fault(job, outcome);
            if (fault != null) {
                wrong.add("%s: %s, begins=%d, idempotent=%s, outcome=%s".formatted(job.file,
                        fault, job.begins(), job.isIdempotent, outcome));
            }
        }
        System.out.printf("storm: seed=%d, jobs=%d, outcomes=%s, faults=%s%n", seed, jobs.size(),
                outcomes, faults);
        assertThat(wrong).as("seed=%d, outcomes=%s, faults=%s", seed, outcomes, faults).isEmpty();
        assertThat(outcomes).containsKey("answered");
        assertThat(workers.drain(PATIENCE)).isTrue();
    }

    private static String outcome(CompletableFuture<String> future, long end)
            throws InterruptedException {
        try {
            var _ = future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return "answered";
        } catch (TimeoutException _) {
            return "forgotten";
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause()).getClass().getSimpleName();
        } catch (CancellationException cancelled) {
            return "cancelled: " + cancelled.getMessage();
        }
    }

    /// @return null if the job is exactly as it may be
    private static @Nullable String fault(Sent job, String outcome) throws IOException {
        if (outcome.equals("forgotten")) {
            return "it has no end";
        }
        if (job.ends.get() != 1) {
            return "ends=" + job.ends;
        }
        if (job.begins() > job.mostBegins()) {
            return "too many begins";
        }
        return switch (outcome) {
            case "answered" -> job.begins() == 0 ? "an answer without a begin" : null;
            case "WorkerDied", "NodeUnreachable" -> null;
            default -> "no fault ends a job like that";
        };
    }
}
