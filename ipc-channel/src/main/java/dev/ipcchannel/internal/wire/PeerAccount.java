package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.process.Kill;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// The state of a process at one moment, as far as it is known.
///
/// @param name of a child, as its user chose it; empty if it has none
/// @param relation to this process, `the child` or `the parent`; empty if it is neither
/// @param ownerPrefix the words before a number that belongs to it: `the server's `; empty if the
/// account needs none
/// @param uptime since it was started, if that is known, else since it was accepted
/// @param exitCode empty while it runs, and if it is no child
/// @param errorLines of a child that has ended
/// @param kill the SIGKILL that has ended a child
public record PeerAccount(long pid, String name, String relation, String ownerPrefix,
        Duration uptime, OptionalInt exitCode, List<String> errorLines, Kill kill) {

    public static final String CHILD = "the child";

    /// Whether it is a child of this JVM.
    public boolean isChild() {
        return relation.equals(CHILD);
    }

    /// The process and, if it is a child that has ended, the way of its end: for messages.
    @Override
    public String toString() {
        return shown(name, pid)
                + (exitCode.isEmpty() ? ""
                        : ", " + ExitCode.describe(exitCode.getAsInt()) + quote(errorLines));
    }

    public static String shown(String name, long pid) {
        return (name.isEmpty() ? "" : "child=" + name + ", ") + "pid=" + pid;
    }

    /// Error lines as the end of a sentence; empty if there are none.
    public static String quote(List<String> lines) {
        return lines.isEmpty() ? "" : ", error lines:\n    " + String.join("\n    ", lines);
    }
}
