package dev.ipcchannel.torture.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// The holdings of a process at a moment.
///
/// @param descriptors the number of open descriptors
/// @param mappings of the library's memory
/// @param threads of the operating system
/// @param resident bytes
/// @param heap bytes in use after a collection; 0 for another process
record Footprint(long descriptors, long mappings, long threads, long resident, long heap) {

    private static final long KIBI = 1024;

    /// The footprint of this process.
    static Footprint own() {
        System.gc();
        return of(ProcessHandle.current().pid(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /// The footprint of another process.
    static Footprint of(long pid) {
        return of(pid, 0);
    }

    private static Footprint of(long pid, long heap) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"));
                Stream<String> maps = Files.lines(process.resolve("maps"))) {
            List<String> status = Files.readAllLines(process.resolve("status"));
            return new Footprint(descriptors.count(),
                    maps.filter(map -> map.contains("/memfd:ipc-channel")).count(),
                    number(status, "Threads:"), KIBI * number(status, "VmRSS:"), heap);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long number(List<String> status, String name) {
        String line = status.stream().filter(each -> each.startsWith(name)).findFirst()
                .orElseThrow();
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
    }

    /// The median of one number over some moments.
    static long median(List<Footprint> moments, ToLongFunction<Footprint> number) {
        long[] sorted = moments.stream().mapToLong(number).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
