package dev.ipcchannel.internal.job;

/// One thing that can happen next in the model.
///
/// @param answer that the process gets, at a step; otherwise 0
record RecallMove(Side side, Kind kind, long answer) {

    enum Side {
        HOST, WORKER;

        Side peer() {
            return this == HOST ? WORKER : HOST;
        }
    }

    enum Kind {

        /// The process gets an answer and goes on.
        STEP,

        /// The other side sees the oldest thing that it has not seen.
        VISIBLE,

        /// The process is killed.
        DEATH
    }
}
