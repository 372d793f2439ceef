package dev.ipcchannel.child;

import dev.ipcchannel.internal.posix.AvailableMemory;
import java.nio.file.Path;
import java.util.List;

/// A share of the memory of the machine, or of the container, for the heap of each of several JVMs:
/// half of the memory for all of them together. One or two have what a JVM takes by itself, which
/// is a quarter.
///
/// @param jvms how many there are
record HeapShare(int jvms) {

    /// A JVM that stands alone.
    static final HeapShare WHOLE = new HeapShare(1);

    private static final Path PROC = Path.of("/proc");
    private static final int MOST_BY_THEMSELVES = 2;
    private static final int JVMS_OWN_PART = 4; // of the memory, as far as a JVM counts that
    private static final long MOST_MEMORY = 128L << 30;
    private static final long LEAST_HEAP = 32 * MemoryLimit.MIB; // or a small job may find no room

    /// The options of one of them, unless the user has set its heap. A share in percent would not
    /// do: a JVM never takes one of less than 126 MiB.
    List<String> options(UserOptions users) {
        return options(users, AvailableMemory.physical(PROC).bytes());
    }

    /// @param memory of the machine or the container, in bytes
    List<String> options(UserOptions users, long memory) {
        if (jvms <= MOST_BY_THEMSELVES || users.haveHeap()) {
            return List.of();
        }
        long heap = Math.max(LEAST_HEAP, memory / 2 / jvms);
        long own = Math.min(memory, MOST_MEMORY) / JVMS_OWN_PART;
        return heap >= own ? List.of() : List.of("-Xmx" + heap / MemoryLimit.MIB + "m");
    }
}
