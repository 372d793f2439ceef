package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The part that a member plays under its name: what it gives to those of the other role, and what
/// becomes of them.
///
/// All of it is called on the thread on which this process meets others, one call at a time, but
/// for [#offer] and [#part]: those come from the thread that opens the member, and from one that
/// meets others again, as well, and a role may call its own [#part]. It does not wait, and runs no
/// user's code.
public interface Role {

    /// The refusal by a member that is being closed at this moment, of which nothing is logged.
    String ENDS = Greeting.NO_REASON;

    /// The word for it in an entry.
    String word();

    /// The form in which the name is open, of a kind that has forms.
    default String form() {
        return "";
    }

    /// The word for those it meets.
    String counterpartWord();

    /// Whether a member of the other role, of this number, is to be met: all are, but for one of
    /// the same end.
    default boolean meets(long number) {
        return true;
    }

    /// Writes what a counterpart needs of this member, once for each. The descriptors in it are
    /// closed by the caller.
    ///
    /// @return false if this member is being closed, and greets no more
    boolean offer(Counterpart counterpart, Transfer transfer);

    /// A counterpart has greeted, or answered, and is taken up or refused.
    ///
    /// @param offered what it has written for this member
    /// @return a sentence if it is refused, or [#ENDS]; null if it is taken up
    @Nullable
    String takeUp(Counterpart counterpart, Transfer offered);

    /// Why a counterpart is not taken up, for [#takeUp].
    ///
    /// @throws LaneException if it is this process that lacks something, which passes: the two meet
    /// again then
    static String refusal(LaneException failure) {
        if (failure.isPassing()) {
            throw failure;
        }
        return failure.kind() == LaneException.Kind.CLOSED ? ENDS
                : String.valueOf(failure.getMessage());
    }

    /// A counterpart that was taken up can be spoken to. Most were ready for it before.
    default void met(Counterpart counterpart) {}

    /// A counterpart that was taken up says something. Nothing is expected of most.
    default void notice(Counterpart counterpart, Notice notice) {
        Descriptor file = notice.file();
        if (file != null) {
            file.close();
        }
    }

    /// A counterpart is gone, has left, or was refused: whatever was made for it ends. It may be
    /// one for which nothing was made, and is none that the member's own close has ended.
    void part(Counterpart counterpart);
}
