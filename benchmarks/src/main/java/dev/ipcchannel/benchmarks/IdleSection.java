package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Idler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The cost of an open idle channel in processor time: a JVM with one beside the same JVM without.
///
/// The processes do nothing, so other sections may run meanwhile.
final class IdleSection implements AutoCloseable {

    // Compilers and collectors finish what starting began.
    private static final long SETTLE_MILLIS = 1000;
    private static final long NANOS = 10_000_000_000L;
    private static final int UTIME = 13; // fields of /proc/PID/stat, counted from 0
    private static final int STIME = 14;

    private final List<ChildProcess> processes; // without a channel, then with one
    private final long[] before;
    private final long start;

    private IdleSection(List<ChildProcess> processes) {
        this.processes = processes;
        this.before = processes.stream().mapToLong(IdleSection::ticks).toArray();
        this.start = System.nanoTime();
    }

    /// Starts the processes, and to count.
    static IdleSection start(Machine machine) throws InterruptedException {
        List<ChildProcess> processes = new ArrayList<>();
        try {
            processes.add(start(machine, List.of("bare")));
            processes.add(start(machine, List.of("lead")));
            String address = processes.getLast().expect("at ");
            processes.add(start(machine, List.of("follow", address)));
            for (ChildProcess process : processes) {
                process.expect("ready");
            }
            Thread.sleep(SETTLE_MILLIS);
            return new IdleSection(processes);
        } catch (BenchFailure failure) {
            processes.forEach(ChildProcess::close);
            throw failure;
        }
    }

    /// Waits until ten seconds have passed since the start, if they have not, and prints.
    void print(Report report) throws InterruptedException {
        report.section("Idle",
                "Three JVMs do nothing for 10 s at least: one without a channel, two that each "
                        + "wait for the other's message.");
        TimeUnit.NANOSECONDS.sleep(NANOS - (System.nanoTime() - start));
        long without = ticks(processes.get(0)) - before[0];
        long with = Math.max(ticks(processes.get(1)) - before[1],
                ticks(processes.get(2)) - before[2]);
        double seconds = (System.nanoTime() - start) / 1e9;
        String verdict = report.judge("idle channel, clock ticks of processor time in 10 s: <= 1",
                String.valueOf(with - without), with - without <= 1);
        report.line(("clock ticks (10 ms) in %.0f s: %d without a channel, %d with one: %d more, "
                + "aim <= 1: %s").formatted(seconds, without, with, with - without, verdict));
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::close);
    }

    private static ChildProcess start(Machine machine, List<String> arguments) {
        return ChildProcess.start(machine.measuredJvm(List.of(), Idler.class, arguments));
    }

    private static long ticks(ChildProcess child) {
        try {
            String stat = Files
                    .readString(Path.of("/proc", String.valueOf(child.process().pid()), "stat"));
            String[] fields = stat.split(" ", -1);
            return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
