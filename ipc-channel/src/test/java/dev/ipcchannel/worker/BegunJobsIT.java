package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Deed;
import dev.ipcchannel.testing.children.DeedChild;
import dev.ipcchannel.testing.children.Deeds;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Workers that are killed or stopped at random moments among short jobs, with what each has begun
/// noted in memory that survives it: what the set says of each job is true, and none is done twice.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BegunJobsIT {

    private static final int KILLS = 20;
    private static final int STOPS = 20;
    private static final int LATEST_MICROS = 5_000;
    private static final int QUEUE = 200;

    @RegisterExtension
    final Children children = new Children();

    private WorkerSet<Deed, Integer> set(Path file, int workers, Transport transport)
            throws Exception {
        return WorkerSet.builder(Deed.class, Integer.class)
                .worker(WorkerSetContract.child(DeedChild.class, transport)
                        .arguments(file.toString()))
                .workerCount(workers).spares(1).queueCapacity(QUEUE)
                .restartLimit(Integer.MAX_VALUE, Duration.ofMinutes(5)).start();
    }

    private static SplittableRandom random() {
        long seed = System.nanoTime();
        System.out.println("begun jobs: seed=" + seed);
        return new SplittableRandom(seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void failureAtADeathHasWhetherEachJobWasBegun(String transport) throws Exception {
        SplittableRandom random = random();
        Path file = children.directory().resolve("deeds");
        try (WorkerSet<Deed, Integer> set = set(file, 1,
                transport.equals("shm") ? Transport.shm() : Transport.unix())) {
            DeedLoad load = new DeedLoad(set, Deeds.open(file), random.split());
            Waits<Void> feeding = load.start();
            int next = QUEUE;
            for (int kill = 0; kill < KILLS; kill++) {
                awaitDone(load, next);
                ProcessHandle worker =
                        ProcessHandle.of(active(set, random).pid()).orElseThrow();
                if (kill % 2 == 0) {
                    pause(random.nextInt(LATEST_MICROS));
                } else {
                    load.awaitWork(); // on a busy machine a worker seldom has any
                }
                worker.destroyForcibly();
                next = load.given() + QUEUE;
            }
            load.end();
            feeding.value();
            assertThat(set.drain(Children.PATIENCE)).isTrue();

            DeedLoad.Said said = load.check();
            System.out.println(said);
            assertThat(said.begun()).isPositive();
        }
    }

    @Test
    void jobsOfAStoppedWorkerAreDoneByAnotherAndNoneIsDoneTwice() throws Exception {
        SplittableRandom random = random();
        Path file = children.directory().resolve("deeds");
        try (WorkerSet<Deed, Integer> set = set(file, 2, Transport.shm())) {
            DeedLoad load = new DeedLoad(set, Deeds.open(file), random.split());
            Waits<Void> feeding = load.start();
            int next = QUEUE;
            for (int stop = 0; stop < STOPS; stop++) {
                awaitDone(load, next);
                pause(random.nextInt(LATEST_MICROS));
                long pid = active(set, random).pid();
                signal("STOP", pid);
                int given = load.given();
                if (random.nextBoolean()) {
                    pause(random.nextInt(10 * LATEST_MICROS)); // it goes on in the middle
                } else {
                    await("all but the one at the mark are done or begun")
                            .atMost(Children.PATIENCE).until(() -> load.waiting(given) <= 1);
                }
                signal(random.nextInt(4) == 0 ? "KILL" : "CONT", pid);
                next = load.given() + QUEUE;
            }
            load.end();
            feeding.value();
            assertThat(set.drain(Children.PATIENCE)).isTrue();

            System.out.println(load.check());
        }
    }

    /// By a Unix socket, what a stopped worker has stays with it: it cannot agree.
    @Test
    void jobsOfAWorkerThatStopsForAMomentAreDoneOnceByUnixSockets() throws Exception {
        SplittableRandom random = random();
        Path file = children.directory().resolve("deeds");
        try (WorkerSet<Deed, Integer> set = set(file, 2, Transport.unix())) {
            DeedLoad load = new DeedLoad(set, Deeds.open(file), random.split());
            Waits<Void> feeding = load.start();
            int next = QUEUE;
            for (int stop = 0; stop < STOPS; stop++) {
                awaitDone(load, next);
                pause(random.nextInt(LATEST_MICROS));
                long pid = active(set, random).pid();
                signal("STOP", pid);
                pause(random.nextInt(10 * LATEST_MICROS));
                signal(random.nextInt(4) == 0 ? "KILL" : "CONT", pid);
                next = load.given() + QUEUE;
            }
            load.end();
            feeding.value();
            assertThat(set.drain(Children.PATIENCE)).isTrue();

            System.out.println(load.check());
        }
    }

    private static void awaitDone(DeedLoad load, int jobs) {
        await("jobs are done").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                .until(() -> load.given() >= jobs && load.areDone(jobs));
    }

    private static void pause(int micros) {
        LockSupport.parkNanos(1000L * micros);
    }

    private static WorkerSnapshot active(WorkerSet<?, ?> set, SplittableRandom random) {
        List<WorkerSnapshot> active = await("a worker").atMost(Children.PATIENCE)
                .until(() -> set.workers().stream()
                        .filter(worker -> worker.state() == WorkerSnapshot.State.ACTIVE).toList(),
                        workers -> !workers.isEmpty());
        return active.get(random.nextInt(active.size()));
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor()).as("exit code of kill").isZero();
    }
}
