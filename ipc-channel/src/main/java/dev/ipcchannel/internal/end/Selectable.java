package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.base.Deadline;

/// A thing that a set waits on together with others, for which of them has something first.
///
/// From [#join] to [#leave] it belongs to that set, for which the thread that selects goes in and
/// out. At rest it costs the set nothing: a descriptor that it has named to its [Membership], or
/// [Membership#tell], says that there may be something.
public interface Selectable {

    /// Goes into a set: until it leaves, it is that set's alone.
    ///
    /// @throws IllegalStateException if a thread is inside, or it belongs to another one
    void join(Membership joined);

    /// Leaves a set, if it is in there; the membership is over then. Waits for a thread that is
    /// inside.
    ///
    /// @throws IllegalStateException if the calling thread is inside
    void leave(Membership left);

    /// Goes in for the set that it is in; [#exit] follows.
    ///
    /// @return false if it is closed, or not in that set any more
    boolean enterSoon(Membership of);

    /// Goes out.
    void exit();

    /// Whether there may be something. Inside.
    boolean isReady();

    /// Comes to rest, if there is nothing to see: what comes next is told.
    ///
    /// @return whether it is at rest
    boolean rest(Membership of);

    /// When one at rest has to be looked at though nothing is told. By the thread that selects.
    Deadline restsUntil();

    /// The kernel has something to say of one of its descriptors. Any thread.
    void signal();
}
