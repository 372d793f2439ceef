package dev.ipcchannel.transport;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.process.ExitCode;
import org.jspecify.annotations.Nullable;

/// The process at the other end of a [UnixLink], as it stands in sentences.
///
/// @param relation what it is to this process
/// @param pid its number, as the kernel tells it; 0 for one that our pid namespace does not show
/// @param child what is known of it, where it is a child that was waited for
record OtherSide(Relation relation, long pid, @Nullable AwaitedChild child) {

    /// A relation of one process to another.
    enum Relation {
        PARENT("the parent"), SERVER("the server"), CHILD("the child"), CLIENT("the client");

        private final String words;

        Relation(String words) {
            this.words = words;
        }
    }

    /// The one that listens, of this process's parent or another.
    static OtherSide server(long pid, boolean isParent) {
        return new OtherSide(isParent ? Relation.PARENT : Relation.SERVER, pid, null);
    }

    /// The one that has come to a listener.
    ///
    /// @param child that was waited for; null if any process was
    static OtherSide client(long pid, @Nullable AwaitedChild child) {
        return child == null ? new OtherSide(Relation.CLIENT, pid, null)
                : new OtherSide(Relation.CHILD, child.process().pid(), child);
    }

    /// What it is, as a sentence begins with it.
    String subject() {
        return relation.words;
    }

    /// Which one it is, in the middle of a sentence. There is one parent, and its number says
    /// nothing more.
    String shown() {
        return child != null ? child.shown()
                : relation == Relation.PARENT ? subject() : "pid=" + pid;
    }

    /// The same with how it has ended, if it is a child of which that is known now.
    String shownNow() {
        return child != null && hasEnded() ? shown() + ", " + child.describeEnd(false) : shown();
    }

    /// The same as [#shown] to be put after a sentence that has the subject; empty if that says all
    /// of it.
    String afterSubject() {
        return relation == Relation.PARENT ? "" : ": " + shown();
    }

    /// What people call it; empty if even its number is not known.
    String title() {
        String number = "(pid=" + pid + ")";
        return child != null ? "child " + child.commandLine() + " " + number
                : pid == 0 ? "" : (relation == Relation.PARENT ? "parent " : "process ") + number;
    }

    /// Whether it is a child that is known to have ended.
    boolean hasEnded() {
        return child != null && !child.process().isAlive();
    }

    /// What to do about its end, which one it is, and how it has ended if it is a child: to be put
    /// after a sentence.
    ///
    /// @param patience until when the end of a child is waited for
    /// @param mayWait whether its last words may be waited for
    String end(Deadline patience, boolean mayWait) {
        if (child == null || !child.hasEnded(patience)) {
            return afterSubject();
        }
        return ExitCode.remedy(child.process().exitValue()) + ": " + shown() + ", "
                + child.describeEnd(mayWait);
    }

    /// What is known of it; null if it is no child.
    @Nullable
    ChildReport report(boolean mayWait) {
        return child == null ? null : child.report(mayWait);
    }
}
