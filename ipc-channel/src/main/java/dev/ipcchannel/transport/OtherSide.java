package dev.ipcchannel.transport;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.process.Kill;
import org.jspecify.annotations.Nullable;

/// The process at the other end of a [UnixLink], in words for error texts.
///
/// @param relation its relation to this process
/// @param pid its number from the kernel; 0 if it is outside our pid namespace
/// @param child the awaited child, if it is one; else null
record OtherSide(Relation relation, long pid, @Nullable AwaitedChild child) {

    /// A relation of one process to another.
    enum Relation {
        PARENT("the parent"), SERVER("the server"), CHILD("the child"), CLIENT("the client");

        private final String words;

        Relation(String words) {
            this.words = words;
        }
    }

    /// The listening process: the parent or another server.
    static OtherSide server(long pid, boolean isParent) {
        return new OtherSide(isParent ? Relation.PARENT : Relation.SERVER, pid, null);
    }

    /// The process that has connected to a listener.
    ///
    /// @param child that the listener waited for; null for any process
    static OtherSide client(long pid, @Nullable AwaitedChild child) {
        return child == null ? new OtherSide(Relation.CLIENT, pid, null)
                : new OtherSide(Relation.CHILD, child.process().pid(), child);
    }

    /// Its relation as the subject of a sentence.
    String subject() {
        return relation.words;
    }

    /// Its identity in the middle of a sentence. For the parent that is its relation, since there
    /// is only one.
    String shown() {
        return child != null ? child.shown()
                : relation == Relation.PARENT ? subject() : "pid=" + pid;
    }

    /// The same, with the exit code in words if it is a child that has ended.
    String shownNow() {
        return child != null && hasEnded() ? shown() + ", " + child.describeEnd(false) : shown();
    }

    /// The same as [#shown], to be put after a sentence with [#subject]; empty if the subject says
    /// all.
    String afterSubject() {
        return relation == Relation.PARENT ? "" : ": " + shown();
    }

    /// Its name for people; empty if not even its number is known.
    String title() {
        String number = "(pid=" + pid + ")";
        return child != null ? "child " + child.commandLine() + " " + number
                : pid == 0 ? "" : (relation == Relation.PARENT ? "parent " : "process ") + number;
    }

    /// Whether it is a child that is known to have ended.
    boolean hasEnded() {
        return child != null && !child.process().isAlive();
    }

    /// The words to put after a sentence about its end: for a child, the remedy, its identity and
    /// its exit code; for others the identity only.
    ///
    /// @param patience until when the end of a child may be waited for
    /// @param mayWait whether its last lines may be waited for
    String end(Deadline patience, boolean mayWait) {
        if (child == null || !child.hasEnded(patience)) {
            return afterSubject();
        }
        Process ended = child.process();
        return ExitCode.remedy(ended.exitValue(), Kill.of(ended).words()) + ": " + shown() + ", "
                + child.describeEnd(mayWait);
    }

    /// The facts known of it; null if it is not a child.
    @Nullable
    ChildReport report(boolean mayWait) {
        return child == null ? null : child.report(mayWait);
    }
}
