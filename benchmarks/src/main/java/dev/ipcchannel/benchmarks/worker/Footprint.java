package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The holdings of a process at a moment. Travels as a line of text.
///
/// @param descriptors open ones
/// @param maps lines of `/proc/self/maps`
/// @param heap bytes in use after a collection
/// @param shared bytes of shared memory that are mapped
public record Footprint(long descriptors, long maps, long heap, long shared) {

    private static final Pattern LINE =
            Pattern.compile("footprint descriptors=(\\d+) maps=(\\d+) heap=(\\d+) shared=(\\d+)");
    private static final String MEMORY = "/memfd:";
    private static final int COLLECTIONS = 3; // what cleaners let go of goes with the next
    private static final long CLEANING_MILLIS = 100;

    /// Of this process, after it has come to rest.
    static Footprint take() throws IOException, InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(CLEANING_MILLIS);
        }
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return new Footprint(descriptors.count(), maps.size(), heap,
                    maps.stream().filter(map -> map.contains(MEMORY)).mapToLong(Footprint::length)
                            .sum());
        }
    }

    /// Of a line like `7f10-7f20 rw-s …`.
    private static long length(String map) {
        int middle = map.indexOf('-');
        return Long.parseLong(map, middle + 1, map.indexOf(' '), 16)
                - Long.parseLong(map, 0, middle, 16);
    }

    /// Reads what [#line] wrote.
    public static Footprint parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a footprint: " + line);
        }
        return new Footprint(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
    }

    String line() {
        return "footprint descriptors=%d maps=%d heap=%d shared=%d".formatted(descriptors, maps,
                heap,
                shared);
    }

    /// What has come to it since `before`.
    public Footprint minus(Footprint before) {
        return new Footprint(descriptors - before.descriptors, maps - before.maps,
                heap - before.heap, shared - before.shared);
    }
}
