package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.posix.MemoryCgroups.Membership;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The folders of [ChildCgroup]s, each named after the process that has made it:
/// `ipc-channel-NAMESPACE-PID-START-COUNT`, with the process's pid namespace and the time of its
/// start, because numbers are reused.
public final class CgroupFolders {

    /// The leaf that a process moves to, to have limited cgroups beside it.
    static final String HOST = "ipc-channel-host";

    private static final String PREFIX = "ipc-channel-";
    private static final Pattern NAME =
            Pattern.compile(PREFIX + "(\\d{1,18})-(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");
    private static final Path PROC = Path.of("/proc");
    private static final int START_FIELD = 19; // after the name; starttime, the 22nd in all

    private CgroupFolders() {}

    /// The folder in which a process of the cgroup at `own` makes those of its children.
    static Path base(Path own) {
        return own.endsWith(HOST) ? own.resolveSibling("").normalize() : own;
    }

    /// The name for a cgroup of this process.
    static String ownName(long count) {
        long pid = Users.ownPid();
        return "%s%d-%d-%d-%d".formatted(PREFIX, namespace(), pid, start(pid), count);
    }

    /// Removes the folders that killed processes have left beside those of this process.
    ///
    /// @param proc the folder of this process in /proc
    public static void sweep(Path proc) {
        Membership own = new MemoryCgroups(proc).membership();
        if (own != null) {
            sweepBelow(base(own.folder()));
        }
    }

    private static void sweepBelow(Path base) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path folder : folders) {
                Matcher name = NAME.matcher(folder.getFileName().toString());
                if (name.matches() && isLeft(name)) {
                    boolean _ = remove(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // Not readable, or being removed by another process.
        }
    }

    /// Whether the process that has made it has ended. One of another namespace is not seen here.
    private static boolean isLeft(Matcher name) {
        return Long.parseLong(name.group(1)) == namespace()
                && start(Long.parseLong(name.group(2))) != Long.parseLong(name.group(3));
    }

    /// Removes a cgroup and those of ours below it. The kernel keeps one that has processes.
    ///
    /// @return whether it is gone
    static boolean remove(Path folder) {
        try (DirectoryStream<Path> inner = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path below : inner) {
                boolean _ = remove(below);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // Gone: see below.
        }
        try {
            return Files.deleteIfExists(folder) || Files.notExists(folder);
        } catch (IOException _) {
            return false;
        }
    }

    /// The start of a process in ticks since the boot; -1 if there is none.
    private static long start(long pid) {
        String stat = MemoryCgroups.text(PROC.resolve(pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length <= START_FIELD ? -1 : Figures.number(fields[START_FIELD], -1);
    }

    /// The number of this process's pid namespace; 0 if the kernel does not say it.
    static long namespace() {
        try {
            String link = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
            return Figures.number(link.replaceAll("\\D", ""), 0);
        } catch (IOException _) {
            return 0;
        }
    }
}
