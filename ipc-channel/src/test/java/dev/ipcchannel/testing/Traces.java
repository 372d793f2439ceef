package dev.ipcchannel.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A list of the resources of this process and its children at one moment: descriptors, mappings,
/// threads, child processes and server directories, a line of text each.
///
/// Plain files are left out, since a JVM opens the jars of its class path when it first needs them.
/// So is the socket on which it listens after a tool such as `jstack` has attached, since that
/// remains.
final class Traces {

    // The name that HotSpot binds; it renames the file afterwards.
    private static final String ATTACH_SOCKET =
            "path=/tmp/.java_pid%d.tmp".formatted(ProcessHandle.current().pid());
    private static final String MAPPING = "/memfd:ipc-channel";
    // They last as long as the JVM.
    private static final Set<String> LASTING = Set.of("ipc-channel watcher", "ipc-channel cleaner",
            "ipc-channel meetings", "ipc-channel sleep");
    private static final String THREAD_PREFIX = "ipc-channel";
    private static final String DIRECTORY_PREFIX = "ipc-channel-";

    private final List<String> lines;

    private Traces(List<String> lines) {
        this.lines = lines;
    }

    /// The present resources.
    ///
    /// @param runtimeDirectories where servers' directories may be
    static Traces now(List<Path> runtimeDirectories) {
        List<String> lines = new ArrayList<>();
        addDescriptors(lines);
        addMappings(lines);
        addThreads(lines);
        ProcessHandle.current().children()
                .forEach(child -> lines.add("child process: " + child.pid() + " " + child.info()));
        for (Path directory : runtimeDirectories) {
            addEntries(directory, DIRECTORY_PREFIX + "*", lines);
        }
        return new Traces(lines);
    }

    /// The lines that are new since `before`, with their counts; of sockets with their description.
    Map<String, Integer> beyond(Traces before) {
        List<String> more = new ArrayList<>(lines);
        before.lines.forEach(more::remove); // one for one: pooled event descriptors look alike
        Map<String, Integer> counted = new TreeMap<>();
        more.stream().map(SocketTable::described).filter(line -> !line.endsWith(ATTACH_SOCKET))
                .forEach(line -> counted.merge(line, 1, Integer::sum));
        return counted;
    }

    /// The descriptors alone, for tests that count them.
    static long descriptors() {
        List<String> lines = new ArrayList<>();
        addDescriptors(lines);
        return lines.size();
    }

    /// The mappings alone, for tests that count them.
    static long mappings() {
        List<String> lines = new ArrayList<>();
        addMappings(lines);
        return lines.size();
    }

    /// The threads alone, for tests that count them.
    static long threads() {
        List<String> lines = new ArrayList<>();
        addThreads(lines);
        return lines.size();
    }

    private static void addDescriptors(List<String> lines) {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            links.map(Traces::target).filter(Traces::isOurs).forEach(lines::add);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String target(Path link) {
        try {
            return "descriptor: " + Files.readSymbolicLink(link);
        } catch (IOException _) { // closed while we looked
            return "";
        }
    }

    private static boolean isOurs(String target) {
        return target.contains("socket:[") || target.contains("pipe:[")
                || target.contains("anon_inode:") || target.contains("/memfd:")
                || target.contains("/" + DIRECTORY_PREFIX);
    }

    private static void addMappings(List<String> lines) {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            mappings.filter(mapping -> mapping.contains(MAPPING))
                    .forEach(mapping -> lines.add("mapping: " + mapping));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void addThreads(List<String> lines) {
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith(THREAD_PREFIX) && !LASTING.contains(name))
                .forEach(name -> lines.add("thread: " + name));
    }

    private static void addEntries(Path directory, String pattern, List<String> lines) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(entry -> lines.add("directory: " + entry));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
