package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.process.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// The state of a process at a moment, as far as it is known.
///
/// @param name of a child, as its user has it; empty if it has none
/// @param relation what it is to this process, `the child` or `the parent`; empty if it is neither
/// @param ownerPrefix the words before a number that is its own: `the server's `; empty if there is
/// a word for it
/// @param uptime since it was started, where that is known, else since it was accepted
/// @param exitCode empty while it runs, and of one that is no child
/// @param errorLines of one that has ended
public record PeerAccount(long pid, String name, String relation, String ownerPrefix,
        Duration uptime, OptionalInt exitCode, List<String> errorLines) {

    public static final String CHILD = "the child";

    /// Whether it is a child of this JVM's.
    public boolean isChild() {
        return relation.equals(CHILD);
    }

    /// Who it is and, if it is a child that has ended, how: for messages.
    @Override
    public String toString() {
        return shown(name, pid)
                + (exitCode.isEmpty() ? ""
                        : ", " + ExitCode.describe(exitCode.getAsInt()) + quote(errorLines));
    }

    public static String shown(String name, long pid) {
        return (name.isEmpty() ? "" : "child=" + name + ", ") + "pid=" + pid;
    }

    /// Error lines, to be put behind a sentence; nothing if there are none.
    public static String quote(List<String> lines) {
        return lines.isEmpty() ? "" : ", error lines:\n    " + String.join("\n    ", lines);
    }
}
