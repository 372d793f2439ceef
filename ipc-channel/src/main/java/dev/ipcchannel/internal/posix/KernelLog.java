package dev.ipcchannel.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The kernel's own log, where this process may read it: it says which processes the kernel has
/// killed for lack of memory.
public final class KernelLog {

    // int klogctl(int type, char *bufp, int len);
    private static final MemorySegment KLOGCTL = Native.symbol("klogctl");
    private static final int READ_ALL = 3; // never waits
    private static final int LENGTH = 10;
    private static final int MAX_LENGTH = 16 << 20;
    private static final long FIRST_NAMESPACE = 0xEFFF_FFFCL; // PROC_PID_INIT_INO

    // The clock of the log differs a little from that of nanoTime.
    private static final double INACCURACY_SECONDS = 2;
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Pattern KILL =
            Pattern.compile("(?m)^<\\d+>\\[ *(\\d+\\.\\d+)\\].*: Killed process (\\d+)\\b");

    private KernelLog() {}

    /// The log as it is now; null if this process may not read it, or is in a pid namespace of its
    /// own, whose numbers are not those of the log.
    public static @Nullable String read() {
        if (CgroupFolders.namespace() != FIRST_NAMESPACE) {
            return null;
        }
        try (Frame frame = Frame.borrow(); Arena arena = Arena.ofConfined()) {
            int length = (int) Native.call(frame, KLOGCTL, LENGTH, 0, 0, 0, 0, 0);
            if (length <= 0 || length > MAX_LENGTH) {
                return null;
            }
            MemorySegment text = arena.allocate(length);
            int read = (int) Native.call(frame, KLOGCTL, READ_ALL, text.address(), length, 0, 0, 0);
            return read < 0 ? null : new String(
                    text.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    /// Whether the log says that the kernel has killed this process for lack of memory.
    ///
    /// @param age the time from the process's start till `nowNanos`: older lines are about another
    /// process with the same number
    /// @param nowNanos as a [System#nanoTime], which counts from the boot, as the log does
    public static boolean hasKilled(String log, long pid, Duration age, long nowNanos) {
        double since = (nowNanos - age.toNanos()) / NANOS - INACCURACY_SECONDS;
        Matcher line = KILL.matcher(log);
        while (line.find()) {
            if (Long.parseLong(line.group(2)) == pid
                    && Double.parseDouble(line.group(1)) >= since) {
                return true;
            }
        }
        return false;
    }
}
