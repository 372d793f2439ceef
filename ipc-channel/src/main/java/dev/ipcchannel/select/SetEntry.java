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
    private final AtomicBoolean isSignalled = new AtomicBoolean(); // it is in its set's list
    private int roundsInVain; // used by the thread that selects
    private boolean isAwake; // used by the thread that selects
    private @Nullable SetEntry signalledBefore; // visible to a thread that finds this entry

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
    public void watch(Descriptor socket) {
        selection.watch(socket, token);
    }

    @Override
    public void unwatch(Descriptor socket) {
        selection.unwatch(socket);
    }

    @Override
    public void signal() {
        if (isSignalled.compareAndSet(false, true)) {
            selection.signal(this);
        }
    }

    /// Makes the member active.
    void wake() {
        roundsInVain = 0;
        isAwake = true;
    }

    /// Notes that this entry is out of the list of notifications. From now on the next one is added
    /// again.
    void noteTaken() {
        isSignalled.set(false);
    }

    /// The entry before this one in the list of notifications.
    @Nullable
    SetEntry signalledBefore() {
        return signalledBefore;
    }

    void setSignalledBefore(@Nullable SetEntry before) {
        signalledBefore = before;
    }

    /// Parks the member if it has no message.
    ///
    /// @return whether it is parked now, or has left
    boolean park() {
        if (!isOver() && !member.park(this)) {
            return false;
        }
        if (member.parkedUntil().isFinite()) {
            selection.parkForATime(this);
        }
        isAwake = false; // last: unless in `parkedForATime`, it must be polled
        return true;
    }

    /// The time until which a delayed message keeps the member parked.
    Deadline parkedUntil() {
        return member.parkedUntil();
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
            park();
        }
        return isAwake;
    }
}
