package dev.ipcchannel.torture.kills;

import java.util.stream.Stream;

/// Where a thread of the victim was when it was killed.
enum State {

    /// It had not begun.
    STARTING(0, "before its first message"),
    /// Outside the library.
    BETWEEN(1, "between two calls"),
    /// Inside `send` or `receive`.
    IN_CALL(2, "inside a call"),
    /// Between a claim and its commit.
    CLAIM_OPEN(3, "with an open claim"),
    /// Inside a call, and the kernel said that it slept.
    ASLEEP(4, "asleep inside a call");

    private final long code;
    private final String word;

    State(long code, String word) {
        this.code = code;
        this.word = word;
    }

    /// What stands on a board for it.
    long code() {
        return code;
    }

    /// The state that stands on a board as `code`.
    static State of(long code) {
        return Stream.of(values()).filter(state -> state.code == code).findFirst().orElseThrow();
    }

    String word() {
        return word;
    }
}
