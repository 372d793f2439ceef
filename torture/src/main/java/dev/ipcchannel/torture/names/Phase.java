package dev.ipcchannel.torture.names;

/// A phase in the life of a process or of one of its ends.
enum Phase {

    /// It has not begun.
    UNUSED(0),
    /// It is being opened.
    OPENING(1),
    /// It is open.
    OPEN(2),
    /// A sender: inside a call that sends, or with a claim open. A caller: with a question open.
    SENDING(3),
    /// A receiver: it leaves, and receives what was sent before.
    LEAVING(4),
    /// A receiver: it has left at the end of the round, and received all that was sent. A listener:
    /// it has taken all signals.
    DRAINED(5),
    /// It was closed, or could not be opened. A process: its senders are closed, and its listeners
    /// signal no more.
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
