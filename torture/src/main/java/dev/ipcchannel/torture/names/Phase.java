package dev.ipcchannel.torture.names;

/// Where a process, or one of its ends, is in its life.
enum Phase {

    /// It has not begun.
    UNUSED(0),
    /// It is being opened.
    OPENING(1),
    /// It is open.
    OPEN(2),
    /// A sender: inside a call that sends, or with a claim open. A caller: with a question open.
    SENDING(3),
    /// A receiver: it takes its leave, and what was sent before.
    LEAVING(4),
    /// A receiver: it has left at the end of the round, and received all there was. A listener:
    /// it has taken all that was signalled.
    DRAINED(5),
    /// It was closed, or could not be opened. A process: its senders were, and its listeners signal
    /// no more.
    CLOSED(6),
    /// A process: it was killed.
    DEAD(7);

    private static final Phase[] ALL = values();

    private final long code; // in the book

    Phase(long code) {
        this.code = code;
    }

    long code() {
        return code;
    }

    static Phase of(long code) {
        return ALL[(int) code];
    }
}
