package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Idler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What an open idle channel costs in processor time: a JVM with one beside the same JVM without.
final class IdleSection {

    // Compilers and collectors finish what starting began.
    private static final long SETTLE_MILLIS = 1000;
    private static final long MILLIS = 10_000;
    private static final int UTIME = 13; // fields of /proc/PID/stat, counted from 0
    private static final int STIME = 14;

    private IdleSection() {}

    static void run(Machine machine, Report report) throws InterruptedException {
        report.section("Idle",
                "Three JVMs do nothing for 10 s: one without a channel, two that each wait for the "
                        + "other's message.");
        try (ChildProcess bare = start(machine, List.of("bare"));
                ChildProcess leader = start(machine, List.of("lead"));
                ChildProcess follower = start(machine, List.of("follow", leader.expect("at ")))) {
            bare.expect("ready");
            leader.expect("ready");
            follower.expect("ready");
            Thread.sleep(SETTLE_MILLIS);
            long[] before = {ticks(bare), ticks(leader), ticks(follower)};
            Thread.sleep(MILLIS);
            long without = ticks(bare) - before[0];
            long with = Math.max(ticks(leader) - before[1], ticks(follower) - before[2]);
            String verdict =
                    report.judge("idle channel, clock ticks of processor time in 10 s: <= 1",
                            String.valueOf(with - without), with - without <= 1);
            report.line(
                    "clock ticks (10 ms): %d without a channel, %d with one: %d more, aim <= 1: %s"
                            .formatted(without, with, with - without, verdict));
        }
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
