package dev.ipcchannel.internal.ring;

/// The request of a process of the model to the world. The world answers with one number.
sealed interface ModelRequest {

    /// The answer to a copy whose words are not all the same.
    long TORN = -1;

    /// The answer of an empty socket, and to a wait that ended for no reason of the peer's.
    long NOTHING = 0;

    /// The answer where a packet was there, or could be sent.
    long PACKET = 1;

    /// The answer where the peer's end of the socket is gone.
    long END = 2;

    /// Loads the word at `offset`, with acquire.
    record Load(long offset) implements ModelRequest {}

    /// Copies a payload of `words` equal words; the answer is that word, or [#TORN].
    record CopyOut(long offset, int words) implements ModelRequest {}

    /// Stores `value` to each of `words` words from `offset` on, in one piece.
    record Store(long offset, int words, long value, boolean isRelease)
            implements ModelRequest, Effect {

        boolean covers(long word) {
            return word >= offset && word < end();
        }

        boolean overlaps(Store other) {
            return offset < other.end() && other.offset < end();
        }

        private long end() {
            return offset + (long) words * Long.BYTES;
        }
    }

    /// Goes on once everything that the process stored is visible.
    record Fence() implements ModelRequest {}

    /// Sends a bell; the answer is [#PACKET] or [#END].
    record Bell() implements ModelRequest, Effect {}

    /// Waits for the socket; the answer is [#PACKET], for the peer's end too, or [#NOTHING] at a
    /// timeout.
    record Await() implements ModelRequest {}

    /// Takes a packet off the socket; the answer is [#PACKET], [#END] or [#NOTHING].
    record Receive() implements ModelRequest {}

    /// Shuts the socket down, as the kernel does for a process that died.
    record Shutdown() implements ModelRequest, Effect {}

    /// Never does anything again.
    record Stop(Outcome outcome) implements ModelRequest {}

    /// A process has seen what must never be visible.
    record Alarm(String text) implements ModelRequest {}

    /// A store that goes through a process's store buffer: done now, visible to the peer later.
    sealed interface Effect permits Store, Bell, Shutdown {}

    /// The reason for which a process has stopped.
    enum Outcome {

        /// Its work is done, and its end stays open.
        IDLE,

        /// Its work is done, and its end is closed in order.
        CLOSED,

        /// The peer has ended, and nothing is left to do.
        PEER_GONE
    }
}
