package dev.ipcchannel.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The resources of this process at one moment that must be released: sockets, pipes, memory files
/// and epolls, mappings, the library's threads, child processes, and folders of servers; a line of
/// text each.
///
/// Plain files are left out: a JVM opens the jars of its class path when it first needs them.
public final class Leftovers {

    private static final String NAME = "ipc-channel";
    // These exist as long as the JVM, like their descriptors.
    private static final Set<String> LASTING =
            Set.of("ipc-channel watcher", "ipc-channel cleaner", "ipc-channel closer",
                    "ipc-channel meetings");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final List<String> lines;

    private Leftovers(List<String> lines) {
        this.lines = lines;
    }

    /// The resources of this moment.
    public static Leftovers now() {
        List<String> lines = new ArrayList<>(descriptors());
        lines.addAll(mappings());
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith(NAME) && !LASTING.contains(name))
                .forEach(name -> lines.add("thread: " + name));
        ProcessHandle.current().descendants()
                .forEach(child -> lines.add("process: " + child.pid() + " " + child.info()));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(
                Path.of(System.getProperty("java.io.tmpdir")), NAME + "-*")) {
            folders.forEach(folder -> lines.add("folder: " + folder));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new Leftovers(lines);
    }

    /// Waits until no resource is left that did not exist before.
    ///
    /// @return what is left after 20 seconds, with its number; empty if nothing is
    public static Map<String, Integer> awaitNothingBeyond(Leftovers before) {
        long start = System.nanoTime();
        Map<String, Integer> more = now().beyond(before);
        while (!more.isEmpty() && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(LOOK.toNanos());
            more = now().beyond(before);
        }
        return more;
    }

    /// The number of open descriptors of this process that are not plain files.
    public static int descriptorCount() {
        return descriptors().size();
    }

    /// The number of mappings of the library's memory in this process.
    public static int mappingCount() {
        return mappings().size();
    }

    private Map<String, Integer> beyond(Leftovers before) {
        List<String> more = new ArrayList<>(lines);
        before.lines.forEach(more::remove); // one for one: many look alike
        Map<String, Integer> counted = new TreeMap<>();
        more.forEach(line -> counted.merge(line, 1, Integer::sum));
        return counted;
    }

    private static List<String> descriptors() {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.map(Leftovers::target).filter(Leftovers::isNoPlainFile)
                    .map(target -> "descriptor: " + target).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) { // closed while we looked
            return "";
        }
    }

    private static boolean isNoPlainFile(String target) {
        return target.startsWith("socket:") || target.startsWith("pipe:")
                || target.startsWith("anon_inode:") || target.startsWith("/memfd:")
                || target.contains("/" + NAME + "-");
    }

    private static List<String> mappings() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(map -> map.contains("/memfd:" + NAME))
                    .map(map -> "mapping: " + map).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
