package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What memory the machine has to give, as far as the kernel can tell.
///
/// Asked before a large block: the kernel would hand out pages of a memory file until there are none
/// left, and then kill the process that has the most.
final class AvailableMemory {

    private static final long LARGE = 64 << 20; // the question costs less than a thousandth of that
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final long KIBIBYTE = 1024;

    private AvailableMemory() {}

    /// Checks that `length` bytes can be had.
    ///
    /// @throws PosixException if not, as of a call that has failed for want of memory
    static void check(long length) {
        if (length < LARGE) {
            return;
        }
        long available = available();
        if (length > available) {
            throw new PosixException("fallocate", Errno.ENOMEM,
                    "length=%d, available=%d".formatted(length, available));
        }
    }

    private static long available() {
        try (Stream<String> lines = Files.lines(MEMINFO)) {
            return lines.filter(
                    line -> line.startsWith("MemAvailable:") || line.startsWith("SwapFree:"))
                    .mapToLong(line -> Long.parseLong(line.split(" +", -1)[1]) * KIBIBYTE).sum();
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE; // a machine that does not tell: the call itself will
        }
    }
}
