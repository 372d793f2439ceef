package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.posix.AvailableMemory;
import dev.ipcchannel.internal.posix.CgroupFolders;
import dev.ipcchannel.internal.posix.ChildCgroup;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kernel's hold on the memory of one child: a cgroup of its own, made here or by the user's
/// systemd, or a limit of its private memory (RLIMIT_DATA) where neither can be. A limit of its
/// address space (RLIMIT_AS) would not do, because a JVM reserves far more addresses than it uses.
///
/// @param words the limit and what holds it; empty if there is none
/// @param cgroup of the child; null if it has none
record ChildMemory(String words, @Nullable ChildCgroup cgroup) {

    static final ChildMemory UNLIMITED = new ChildMemory("", null);

    private static final Path PROC = Path.of("/proc");
    private static final Path SELF = PROC.resolve("self");

    // Private memory that is not used counts for RLIMIT_DATA as well: stacks, above all.
    private static final long MARGIN = 64 * MemoryLimit.MIB;
    private static final int MARGIN_PART = 4;

    /// Removes the cgroups that killed parents have left in this one, with or without a limit for
    /// the next child: some tens of microseconds.
    static void sweep() {
        CgroupFolders.sweep(SELF);
    }

    /// Limits the memory of a child that is about to start, by commands of its script.
    ///
    /// @param limit null if it has none
    /// @param options of its JVM; empty if it is another program
    /// @throws ChildFailed if the machine has not so much, or the child's options need more
    static ChildMemory limit(@Nullable MemoryLimit limit, List<String> options,
            StartScript script) {
        if (limit == null) {
            return UNLIMITED;
        }
        if (!options.isEmpty()) {
            limit.check(options);
        }
        AvailableMemory.Room total = AvailableMemory.total(PROC);
        if (limit.bytes() > total.bytes()) {
            throw new ChildFailed(("the child cannot be started: its limit is more than there is:"
                    + " memoryLimit=%d, limit=%d by %s: lower memoryLimit, or give the machine or"
                    + " the container more").formatted(limit.bytes(), total.bytes(),
                            total.limit()));
        }
        return limit(limit.bytes(), SELF, script);
    }

    /// @param proc the folder of this process in /proc
    static ChildMemory limit(long bytes, Path proc, StartScript script) {
        ChildCgroup cgroup = ChildCgroup.make(proc, bytes);
        if (cgroup != null) {
            script.enter(cgroup.entry());
            return new ChildMemory(bytes + " held by a cgroup", cgroup);
        }
        if (SystemdScope.isHolding()) {
            script.under(SystemdScope.ofUser().words(bytes));
            return new ChildMemory(bytes + " held by a scope of systemd", null);
        }
        // A lower limit than that of this process can be set, and no higher one.
        long data = Math.min(bytes + MARGIN + bytes / MARGIN_PART,
                AvailableMemory.mostData(proc));
        script.limitData(data);
        return new ChildMemory("%d held by RLIMIT_DATA=%d".formatted(bytes, data), null);
    }

    /// Notes that the child has ended. Processes that it has started may go on in its cgroup.
    void ended() {
        if (cgroup != null) {
            cgroup.readCounts();
            remove();
        }
    }

    /// Removes the cgroup, unless processes are still in it.
    void remove() {
        if (cgroup != null) {
            boolean _ = cgroup.remove();
        }
    }
}
