package dev.ipcchannel.select;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Selectable;
import dev.ipcchannel.internal.posix.Descriptor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A member's entry in a set, with what the set knows of it.
///
/// A member is *awake*, and looked at in each round, or *at rest*: it has nothing to see, and
/// costs nothing until it tells, or a descriptor of it says, that there may be something.
final class SetEntry extends Membership {

    /// Rounds without a message after which a member is put to rest though others have some.
    private static final int PATIENCE = 64;

    private final Selection selection;
    private final Selectable member;
    private final Long token; // boxed: a way out needs no room in the heap
    private final AtomicBoolean isTold = new AtomicBoolean(); // it is in the list of its set
    private int roundsInVain; // used by the thread that selects
    private boolean isAwake; // used by the thread that selects
    private @Nullable SetEntry toldBefore; // seen by who sees it in its set's list

    SetEntry(Selection selection, Selectable member, Long token) {
        this.selection = selection;
        this.member = member;
        this.token = token;
    }

    /// The member.
    Selectable member() {
        return member;
    }

    /// The number that the kernel knows the member by.
    Long token() {
        return token;
    }

    @Override
    public void hear(Descriptor socket) {
        selection.hear(socket, token);
    }

    @Override
    public void hearNoMore(Descriptor socket) {
        selection.hearNoMore(socket);
    }

    @Override
    public void tell() {
        if (isTold.compareAndSet(false, true)) {
            selection.tell(this);
        }
    }

    /// Goes to the awake ones.
    void wake() {
        roundsInVain = 0;
        isAwake = true;
    }

    /// It is out of the list of its set: what comes from now on is told again.
    void heard() {
        isTold.set(false);
    }

    /// The one that told before it, in the list of its set.
    @Nullable
    SetEntry toldBefore() {
        return toldBefore;
    }

    void setToldBefore(@Nullable SetEntry before) {
        toldBefore = before;
    }

    /// Has its member come to rest, if there is nothing to see.
    ///
    /// @return whether it is at rest now, or has left
    boolean rest() {
        if (!isOver() && !member.rest(this)) {
            return false;
        }
        if (member.restsUntil().isFinite()) {
            selection.doze(this);
        }
        isAwake = false; // last: one that does not doze is looked at
        return true;
    }

    /// When it is to be woken, if nothing else wakes it.
    Deadline restsUntil() {
        return member.restsUntil();
    }

    /// Whether it is one of those that are looked at.
    boolean isAwake() {
        return isAwake;
    }

    /// A round is over.
    ///
    /// @param hadSomething whether there was anything in it for this member
    /// @return whether the member is awake still
    boolean endRound(boolean hadSomething) {
        roundsInVain = hadSomething ? 0 : roundsInVain + 1;
        if (isOver()) {
            isAwake = false;
        } else if (roundsInVain >= PATIENCE) {
            rest();
        }
        return isAwake;
    }
}
