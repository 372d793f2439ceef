package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.AeronDriver;
import dev.ipcchannel.benchmarks.worker.Footprint;
import dev.ipcchannel.benchmarks.worker.Slice;
import dev.ipcchannel.benchmarks.worker.Worker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A contender of two JVMs, and of Aeron's driver in a third where it needs that.
final class JvmPair implements Contender {

    /// The plan of what the two JVMs run.
    ///
    /// @param name a few words for the table
    /// @param link the word that [Worker] knows it by
    /// @param waitStrategy of our channels; the others take no notice
    /// @param isOnOneProcessor whether both run on the same processor
    record Plan(String name, String link, String waitStrategy, boolean isOnOneProcessor) {

        boolean isAeron() {
            return link.equals("aeron");
        }
    }

    private static final List<String> AERON_FLAGS = List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Dagrona.disable.bounds.checks=true");

    // Tied to one processor, a JVM believes that there is no other, and HYBRID never spins.
    private static final String TWO_PROCESSORS = "-XX:ActiveProcessorCount=2";

    private final Machine machine;
    private final Plan plan;
    // The leader first, then the follower.
    private final List<ChildProcess> processes = new ArrayList<>();

    private JvmPair(Machine machine, Plan plan) {
        this.machine = machine;
        this.plan = plan;
    }

    static JvmPair start(Machine machine, Plan plan, int capacity) throws InterruptedException {
        JvmPair pair = new JvmPair(machine, plan);
        try {
            String address = plan.isAeron() ? pair.startDriver() : "";
            ChildProcess leader = pair.startWorker(Role.LEAD, capacity, address);
            ChildProcess follower = pair.startWorker(Role.FOLLOW, capacity, leader.expect("at "));
            leader.expect("ready");
            follower.expect("ready");
            return pair;
        } catch (BenchFailure failure) {
            pair.close();
            throw failure;
        }
    }

    /// Starts Aeron's driver.
    ///
    /// @return its directory, which goes with it
    private String startDriver() throws InterruptedException {
        String directory = Path.of("/dev/shm", "ipc-channel-bench-" + ProcessHandle.current().pid())
                .toString();
        ChildProcess driver =
                ChildProcess.start(
                        machine.measuredJvm(AERON_FLAGS, AeronDriver.class, List.of(directory)));
        processes.add(driver);
        driver.expect("ready");
        return directory;
    }

    private ChildProcess startWorker(Role role, int capacity, String address) {
        List<String> flags = new ArrayList<>(plan.isAeron() ? AERON_FLAGS : List.of());
        if (!plan.isOnOneProcessor()) {
            flags.add(TWO_PROCESSORS);
        }
        List<String> command = machine.measuredJvm(flags, Worker.class, List.of(plan.link(),
                plan.waitStrategy(), String.valueOf(capacity), role.name(), address));
        ChildProcess worker =
                ChildProcess
                        .start(machine.pinned(plan.isOnOneProcessor() ? Role.LEAD : role, command));
        // The driver is last.
        processes.add(plan.isAeron() ? processes.size() - 1 : processes.size(), worker);
        return worker;
    }

    @Override
    public String name() {
        return plan.name();
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        ChildProcess leader = processes.get(0);
        ChildProcess follower = processes.get(1);
        String command = shape.command() + " " + millis;
        follower.write(command);
        leader.write(command);
        Slice led = Slice.parse(leader.expect(""));
        return new Sample(led, Slice.parse(follower.expect("")));
    }

    /// What the two processes hold now, the leader first. For a pair of [Worker]s between slices.
    List<Footprint> footprints() throws InterruptedException {
        List<Footprint> footprints = new ArrayList<>();
        for (ChildProcess process : processes.subList(0, 2)) {
            process.write("footprint");
            footprints.add(Footprint.parse(process.expect("")));
        }
        return footprints;
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::close);
    }
}
