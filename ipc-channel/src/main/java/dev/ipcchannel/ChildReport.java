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

/// The state of a child process at one moment, as far as it is known. Exceptions about the child
/// have it.
///
/// @param pid the child's number
/// @param uptime from its start to its end, or to the moment of this report
/// @param exitCode the child's exit code, 128 + n after signal n; empty while it runs
/// @param errorLines the first and the last lines of its error output, where that is captured
/// @param crashFile the crash report that its JVM has written; null if it has not crashed, or is no
/// JVM
/// @param threadDump the stacks of its threads when a time limit passed; empty if none was asked
/// for; if it could not be made, the reason in parentheses
public record ChildReport(long pid, Duration uptime, OptionalInt exitCode, List<String> errorLines,
        @Nullable Path crashFile, String threadDump) {

    private static final String MAIN_THREAD = "\"main\"";
    private static final int SHOWN_LINES = 24; // of a stack

    /// One line with the process and its end; then its error lines and the stack of its main
    /// thread, if there are any.
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
