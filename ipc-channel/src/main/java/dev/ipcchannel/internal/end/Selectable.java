package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;

/// An end that a set waits on together with others, to find the first that has a message.
///
/// From [#join] to [#leave] it belongs to that set, and the thread that selects enters and exits it
/// for the set. While it is parked, it costs the set nothing: the set is notified by a descriptor
/// that it has named to its [Membership], or by [Membership#signal].
public interface Selectable {

    /// Joins a set: until it leaves, no other owner may use it.
    ///
    /// @throws IllegalStateException if a thread is inside, or if it belongs to another set
    void join(Membership joined);

    /// Leaves a set, if it is in that set; then the membership is over. Waits for a thread that is
    /// inside.
    ///
    /// @throws IllegalStateException if the calling thread is inside
    void leave(Membership left);

    /// Enters it for the set that it is in; [#exit] follows.
    ///
    /// @return false if it is closed, or no longer in that set
    boolean enterSoon(Membership of);

    /// Leaves the inside.
    void exit();

    /// Whether there may be a message. Called inside.
    boolean isReady();

    /// Parks it if it has no message: the set is notified of the next one.
    ///
    /// @return whether it is parked
    boolean park(Membership of);

    /// When a parked end has to be looked at without a notification. Called by the thread that
    /// selects.
    Deadline parkedUntil();

    /// Notes that the kernel has an event for one of its descriptors. Called by any thread.
    void signal();
}
