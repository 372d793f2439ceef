package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;
import dev.ipcchannel.benchmarks.worker.Usage;

/// The measurements of a contender's processes in one slice of time.
///
/// @param usage of all processes; nothing where it is not counted
record Sample(Slice leader, Slice follower, Usage usage) {

    Sample(Slice leader, Slice follower) {
        this(leader, follower, Usage.NONE);
    }

    /// Bytes allocated on the heap by both sides.
    long allocated() {
        return leader.allocated() + follower.allocated();
    }
}
