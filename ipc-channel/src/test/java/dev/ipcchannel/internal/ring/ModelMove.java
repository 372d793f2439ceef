package dev.ipcchannel.internal.ring;

/// A thing that can happen next in the model.
///
/// @param index of the buffered effect that becomes visible; otherwise 0
record ModelMove(Side side, Kind kind, int index) {

    enum Side {
        WRITER, READER;

        Side peer() {
            return this == WRITER ? READER : WRITER;
        }
    }

    enum Kind {

        /// The process gets its answer and goes on.
        STEP,

        /// The process gets tired of waiting.
        TIMEOUT,

        /// The peer sees what the process has done before.
        VISIBLE,

        /// The process is killed.
        DEATH
    }

    ModelMove(Side side, Kind kind) {
        this(side, kind, 0);
    }
}
