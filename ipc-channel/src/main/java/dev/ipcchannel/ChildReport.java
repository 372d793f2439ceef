package dev.ipcchannel;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The state of a child process at a moment, as far as it is known: it travels in exceptions about
/// that child.
///
/// @param pid the child's number
/// @param uptime from its start to its end, or to the moment of this report
/// @param exitCode how it has ended, 128 + n after signal n; empty while it runs
/// @param errorLines the first and the last lines of its error output, where that is captured
/// @param crashFile what its JVM has written of its crash; null if it has not crashed, or is no JVM
/// @param threadDump what each of its threads was doing, where a time limit passed; empty if it was
/// not asked for, and in brackets the reason if it could not be had
public record ChildReport(long pid, Duration uptime, OptionalInt exitCode, List<String> errorLines,
        @Nullable Path crashFile, String threadDump) {

    private static final String MAIN_THREAD = "\"main\"";
    private static final int SHOWN_LINES = 24; // of a stack

    /// In one line: who it is and how it has ended; then its error lines, if there are any, and
    /// what its main thread was doing.
    @Override
    public String toString() {
        return "pid=%d, uptime=%s, %s%s%s%s".formatted(pid, ShownTime.of(uptime),
                exitCode.isPresent() ? ExitCode.describe(exitCode.getAsInt()) : "running",
                crashFile == null ? "" : ", crash=" + crashFile, mainThread(),
                PeerAccount.quote(errorLines.stream().map(Printable::of).toList()));
    }

    private String mainThread() {
        if (threadDump.startsWith("(")) {
            return ", " + Printable.of(threadDump);
        }
        List<String> lines = threadDump.lines().dropWhile(line -> !line.startsWith(MAIN_THREAD))
                .takeWhile(line -> !line.isBlank()).limit(SHOWN_LINES).toList();
        return lines.isEmpty() ? "" : ", main thread:\n    "
                + String.join("\n    ",
                        lines.stream().map(String::strip).map(Printable::of).toList());
    }
}
