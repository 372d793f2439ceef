package dev.ipcchannel.torture.limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A memory cgroup made by the storm, of either version.
///
/// @param folder its folder
record MemoryCgroup(Path folder) implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int PATIENCE_LOOKS = 1000;

    /// Makes a cgroup below that of this process.
    ///
    /// @param limit the number of bytes it allows
    /// @throws IOException if that is not possible here
    static MemoryCgroup create(long limit) throws IOException {
        boolean isFirst = Files.isDirectory(ROOT.resolve("memory"));
        Path folder = own(isFirst).resolve("ipc-torture-" + ProcessHandle.current().pid());
        Files.createDirectory(folder);
        MemoryCgroup cgroup = new MemoryCgroup(folder);
        try {
            Files.writeString(folder.resolve(isFirst ? "memory.limit_in_bytes" : "memory.max"),
                    Long.toString(limit));
            return cgroup;
        } catch (IOException noRight) {
            cgroup.close();
            throw noRight;
        }
    }

    /// The folder of this process' cgroup; the root of all cgroups where that folder is not
    /// visible, as in a container.
    private static Path own(boolean isFirst) throws IOException {
        Path root = isFirst ? ROOT.resolve("memory") : ROOT;
        String mark = isFirst ? ":memory:" : "0::";
        List<String> lines = Files.readAllLines(Path.of("/proc/self/cgroup"));
        Path own = lines.stream().filter(line -> line.contains(mark)).findFirst()
                .map(line -> root.resolve(line.substring(line.lastIndexOf(':') + 2)))
                .orElse(root);
        return Files.isDirectory(own) ? own : root;
    }

    /// The program that puts its command into this cgroup.
    String[] program() {
        return new String[]{"sh", "-c", "echo $$ > '%s' && exec \"$@\""
                .formatted(folder.resolve("cgroup.procs")),
            "sh"};
    }

    /// Removes the cgroup once its processes are gone.
    @Override
    public void close() throws IOException {
        for (int look = 0; look < PATIENCE_LOOKS; look++) {
            try {
                Files.deleteIfExists(folder);
                return;
            } catch (IOException _) { // the last one is still leaving
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        throw new IOException("a cgroup could not be removed: " + folder);
    }
}
