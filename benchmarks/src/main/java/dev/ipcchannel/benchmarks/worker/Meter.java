package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A reading of what some processes have used: their processor time, in ticks of the kernel, and
/// the voluntary switches of each of their threads.
///
/// @param pids the processes
/// @param nanos processor time of all, that of threads that have ended included
/// @param switches of each thread, by its directory below `/proc`
record Meter(List<Long> pids, long nanos, Map<Path, Long> switches) {

    private static final String SWITCHES = "voluntary_ctxt_switches:";

    /// Reads them at the beginning of something.
    static Meter start(List<Long> pids) throws IOException {
        Map<Path, Long> switches = switches(pids);
        return new Meter(pids, nanos(pids), switches); // in this order: to read costs, too
    }

    /// What was used since then, by threads that are still there.
    Usage stop(long jobs, long bells) throws IOException {
        long used = nanos(pids) - nanos;
        long slept = 0;
        for (Map.Entry<Path, Long> thread : switches(pids).entrySet()) {
            slept += thread.getValue() - switches.getOrDefault(thread.getKey(), 0L);
        }
        return new Usage(jobs, used, slept, bells);
    }

    private static long nanos(List<Long> pids) {
        return pids.stream()
                .map(pid -> ProcessHandle.of(pid).flatMap(process -> process.info()
                        .totalCpuDuration()).orElseThrow(() -> gone(pid)))
                .mapToLong(Duration::toNanos).sum();
    }

    private static IllegalStateException gone(long pid) {
        return new IllegalStateException("a process that is measured has ended: pid=" + pid);
    }

    private static Map<Path, Long> switches(List<Long> pids) throws IOException {
        Map<Path, Long> all = new HashMap<>();
        for (long pid : pids) {
            try (Stream<Path> threads = Files.list(Path.of("/proc/%d/task".formatted(pid)))) {
                for (Path thread : threads.toList()) {
                    add(thread, all);
                }
            }
        }
        return all;
    }

    private static void add(Path thread, Map<Path, Long> all) throws IOException {
        try (Stream<String> lines = Files.lines(thread.resolve("status"))) {
            lines.filter(line -> line.startsWith(SWITCHES))
                    .map(line -> Long.valueOf(line.substring(SWITCHES.length()).strip()))
                    .forEach(count -> all.put(thread, count));
        } catch (NoSuchFileException _) {
            // The thread has ended meanwhile.
        }
    }
}
