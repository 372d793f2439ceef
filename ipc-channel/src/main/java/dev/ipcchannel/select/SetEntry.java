package dev.ipcchannel.select;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.Selectable;
import dev.ipcchannel.internal.posix.Descriptor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The entry of a member in a set, with its state there.
///
/// A member is *active*, and polled in each round, or *parked*: it has no message, and costs
/// nothing until a notification or an event of one of its descriptors says that there may be one.
final class SetEntry extends Membership {

    /// The number of rounds without a message after which a member is parked, even if others have
    /// messages.
    private static final int PATIENCE = 64;

    private final Selection selection;
    private final Selectable member;
    private final Long token; // boxed: to remove it needs no room in the heap
    private final AtomicBoolean isTold = new AtomicBoolean(); // it is in its set's list
    private int roundsInVain; // used by the thread that selects
    private boolean isAwake; // used by the thread that selects
    private @Nullable SetEntry toldBefore; // visible to a thread that finds this entry in the list

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

    /// Makes the member active.
    void wake() {
        roundsInVain = 0;
        isAwake = true;
    }

    /// Notes that this entry is out of the list of notifications. From now on the next one is added
    /// again.
    void heard() {
        isTold.set(false);
    }

    /// The entry before this one in the list of notifications.
    @Nullable
    SetEntry toldBefore() {
        return toldBefore;
    }

    void setToldBefore(@Nullable SetEntry before) {
        toldBefore = before;
    }

    /// Parks the member if it has no message.
    ///
    /// @return whether it is parked now, or has left
    boolean rest() {
        if (!isOver() && !member.rest(this)) {
            return false;
        }
        if (member.restsUntil().isFinite()) {
            selection.doze(this);
        }
        isAwake = false; // last: unless in `dozing`, it must be polled
        return true;
    }

    /// The time until which a delayed message keeps the member parked.
    Deadline restsUntil() {
        return member.restsUntil();
    }

    /// Whether the member is active.
    boolean isAwake() {
        return isAwake;
    }

    /// Ends a round.
    ///
    /// @param hadSomething whether there was a message for this member
    /// @return whether the member is still active
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
