package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.posix.MemoryCgroups.Membership;
import dev.ipcchannel.internal.posix.MemoryCgroups.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A memory cgroup for one child and all that it starts, below that of this process, so that every
/// limit of this process remains in force for the child as well.
///
/// In version 2 a cgroup that has processes cannot have cgroups with limits below it. So if this
/// process is alone in its cgroup, it moves to a leaf of its own there; else none is made.
///
/// The folder is removed after the last process in it has ended. Its name says whose it is, so that
/// other processes can remove it if this one is killed; see [CgroupFolders].
public final class ChildCgroup {

    private static final AtomicLong COUNT = new AtomicLong();
    private static final ReentrantLock MOVING = new ReentrantLock();

    private final Version version;
    private final Path folder;
    private final long limit;
    private volatile long kills;
    private volatile long peak;

    private ChildCgroup(Version version, Path folder, long limit) {
        this.version = version;
        this.folder = folder;
        this.limit = limit;
    }

    /// Makes a cgroup with a limit in bytes.
    ///
    /// @param proc the folder of this process in /proc
    /// @return null if none may be made here
    public static @Nullable ChildCgroup make(Path proc, long limit) {
        Membership own = new MemoryCgroups(proc).membership();
        if (own == null) {
            return null;
        }
        Path base = CgroupFolders.base(own.folder());
        if (!Files.isWritable(base) || (own.version() == Version.V2 && !canHaveLimits(base))) {
            return null;
        }
        ChildCgroup made = new ChildCgroup(own.version(),
                base.resolve(CgroupFolders.ownName(COUNT.incrementAndGet())), limit);
        return made.create() ? made : null;
    }

    private boolean create() {
        try {
            Files.createDirectory(folder);
            write("memory." + (isFirst() ? "limit_in_bytes" : "max"), Long.toString(limit));
        } catch (IOException _) { // not allowed here
            boolean _ = CgroupFolders.remove(folder);
            return false;
        }
        try {
            write(isFirst() ? "memory.memsw.limit_in_bytes" : "memory.swap.max",
                    isFirst() ? Long.toString(limit) : "0");
        } catch (IOException _) {
            // The kernel does not count swap here: then the limit holds without it.
        }
        return true;
    }

    private boolean isFirst() {
        return version == Version.V1;
    }

    private void write(String file, String value) throws IOException {
        Files.writeString(folder.resolve(file), value);
    }

    /// Whether cgroups below `base` may have limits of memory, if need be after this process has
    /// moved to a leaf.
    private static boolean canHaveLimits(Path base) {
        Path control = base.resolve("cgroup.subtree_control");
        Path members = base.resolve("cgroup.procs");
        if (!Files.isWritable(members)) { // a process moves through it
            return false;
        }
        MOVING.lock();
        try {
            return has(control, "memory") || movedToLeaf(base, control, members);
        } finally {
            MOVING.unlock();
        }
    }

    private static boolean movedToLeaf(Path base, Path control, Path members) {
        String self = Long.toString(Users.ownPid());
        if (!MemoryCgroups.text(members).strip().equals(self)) {
            return false;
        }
        Path leaf = base.resolve(CgroupFolders.HOST);
        try {
            Files.createDirectories(leaf);
            Files.writeString(leaf.resolve("cgroup.procs"), self);
            Files.writeString(control, "+memory");
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean has(Path file, String word) {
        return (" " + MemoryCgroups.text(file).strip() + " ").contains(" " + word + " ");
    }

    /// The file to which a process writes its number to enter.
    public Path entry() {
        return folder.resolve("cgroup.procs");
    }

    /// The limit in bytes.
    public long limit() {
        return limit;
    }

    /// Reads what the kernel has counted, which is lost with the folder. Called after the child's
    /// end.
    public void readCounts() {
        String events = MemoryCgroups.text(folder.resolve(
                isFirst() ? "memory.oom_control" : "memory.events"));
        kills = Math.max(kills, Figures.of(events, "oom_kill", 0));
        long most = MemoryCgroups.figure(folder.resolve(
                isFirst() ? "memory.max_usage_in_bytes" : "memory.peak"));
        peak = most == Long.MAX_VALUE ? peak : Math.max(peak, most);
    }

    /// How many processes in it the kernel has killed for lack of memory, as was read last.
    public long kills() {
        return kills;
    }

    /// The most bytes that were used at once; 0 if the kernel does not say it.
    public long peak() {
        return peak;
    }

    /// Removes the folder, unless processes are still in it.
    ///
    /// @return whether it is gone
    public boolean remove() {
        return CgroupFolders.remove(folder);
    }
}
