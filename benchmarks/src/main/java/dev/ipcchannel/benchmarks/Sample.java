package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;

/// The measurements of a contender's two processes in one slice of time.
record Sample(Slice leader, Slice follower) {

    /// Bytes allocated on the heap by both sides.
    long allocated() {
        return leader.allocated() + follower.allocated();
    }
}
