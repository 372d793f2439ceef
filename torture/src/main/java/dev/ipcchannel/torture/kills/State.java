package dev.ipcchannel.torture.kills;

import java.util.stream.Stream;

/// The state of a thread of the victim when it was killed.
enum State {

    /// The thread had not begun.
    STARTING(0, "before its first message"),
    /// Outside the library.
    BETWEEN(1, "between two calls"),
    /// Inside `send` or `receive`.
    IN_CALL(2, "inside a call"),
    /// Between a claim and its commit.
    CLAIM_OPEN(3, "with an open claim"),
    /// Inside a call, and asleep according to the kernel.
    ASLEEP(4, "asleep inside a call");

    private final long code;
    private final String word;

    State(long code, String word) {
        this.code = code;
        this.word = word;
    }

    /// The state's code on a board.
    long code() {
        return code;
    }

    /// The state of a code on a board.
    static State of(long code) {
        return Stream.of(values()).filter(state -> state.code == code).findFirst().orElseThrow();
    }

    String word() {
        return word;
    }
}
