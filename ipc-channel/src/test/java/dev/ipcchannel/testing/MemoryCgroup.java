package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A memory cgroup for a test, below that of this process, for processes started by [#command].
/// Removed by the close, after these processes have ended.
public final class MemoryCgroup implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path folder;

    private MemoryCgroup(Path folder) {
        this.folder = folder;
    }

    /// Makes a cgroup with a limit in bytes. Skips the test if that is not allowed.
    public static MemoryCgroup limitedTo(long limit) throws IOException {
        boolean isFirstVersion = Files.isDirectory(ROOT.resolve("memory"));
        Path parent = isFirstVersion ? of(ROOT.resolve("memory"), "memory") : of(ROOT, "");
        Path folder = parent.resolve("ipct-" + ProcessHandle.current().pid());
        String file = isFirstVersion ? "memory.limit_in_bytes" : "memory.max";
        try {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve(file), Long.toString(limit));
        } catch (IOException refusal) {
            Files.deleteIfExists(folder);
            assumeTrue(false, "no memory cgroup may be made here: " + refusal);
        }
        return new MemoryCgroup(folder);
    }

    /// The folder of this process's cgroup.
    private static Path of(Path mount, String controller) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/cgroup"));
        for (String line : lines) {
            String[] fields = line.split(":", 3);
            if (List.of(fields[1].split(",", -1)).contains(controller)) {
                return mount.resolve(fields[2].substring(1)); // after the slash
            }
        }
        assumeTrue(false, "this process is in no memory cgroup: " + lines);
        return mount;
    }

    /// A command that joins the cgroup and then becomes the program after it.
    public String[] command() {
        return new String[]{"sh", "-c",
            "echo $$ > " + folder.resolve("cgroup.procs") + " && exec \"$@\"", "sh"};
    }

    @Override
    public void close() {
        await("the cgroup is empty").atMost(Children.PATIENCE).untilAsserted(
                () -> assertThat(folder.toFile().delete() || !Files.exists(folder)).isTrue());
    }
}
