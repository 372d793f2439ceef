package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Notice;
import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The behaviour of a member under its name: what it gives to counterparts, and what happens with
/// them.
///
/// The thread on which this process meets others calls it, one call at a time. [#offer] and
/// [#disconnect] are also called by the thread that opens the member, and by a thread that meets
/// others again; and a role may call its own [#disconnect]. It does not wait, and runs no user
/// code.
public interface Role {

    /// The refusal by a member that is closing at this moment, which is not logged.
    String ENDS = Greeting.NO_REASON;

    /// The role's word in an entry.
    String word();

    /// The form in which the name is open, of a kind that has forms.
    default String form() {
        return "";
    }

    /// The word for its counterparts.
    String counterpartWord();

    /// Whether a member of the other role, with this number, has to be met: all have to, except a
    /// member of the same end.
    default boolean meets(long number) {
        return true;
    }

    /// Writes what a counterpart needs from this member, once for each. The caller closes the
    /// descriptors in it.
    ///
    /// @return false if this member is closing, and no longer greets
    boolean offer(Counterpart counterpart, Transfer transfer);

    /// Takes up or refuses a counterpart that has greeted or answered.
    ///
    /// @param offered what it has written for this member
    /// @return a sentence if it is refused, or [#ENDS]; null if it is taken up
    @Nullable
    String takeUp(Counterpart counterpart, Transfer offered);

    /// The reason why a counterpart is not taken up, for [#takeUp].
    ///
    /// @throws LaneException if this process lacks something, which passes: then the two meet again
    static String refusal(LaneException failure) {
        if (failure.isPassing()) {
            throw failure;
        }
        return failure.kind() == LaneException.Kind.CLOSED ? ENDS
                : String.valueOf(failure.getMessage());
    }

    /// Notes that a taken up counterpart can be reached. Most roles are ready before.
    default void met(Counterpart counterpart) {}

    /// Takes a notice from a taken up counterpart. Most roles expect none.
    default void notice(Counterpart counterpart, Notice notice) {
        Descriptor file = notice.file();
        if (file != null) {
            file.close();
        }
    }

    /// Ends everything that was made for a counterpart: it is gone, has left, or was refused.
    /// Nothing may have been made for it. Not called for counterparts that the member's own close
    /// ends.
    void disconnect(Counterpart counterpart);
}
