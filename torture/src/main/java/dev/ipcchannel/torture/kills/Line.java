package dev.ipcchannel.torture.kills;

import java.util.Locale;

/// A kind of traffic through one channel.
enum Line {

    /// Short messages as fast as they go, through a small ring.
    STREAM(500, Integer.MAX_VALUE),
    /// Messages longer than half the ring, each in memory of its own.
    SPILL(300_000, Integer.MAX_VALUE),
    /// Messages written in place, a third of which are abandoned.
    CLAIM(500, Integer.MAX_VALUE),
    /// Ends of channels, with messages in them, and answers through them.
    ENDS(100, Integer.MAX_VALUE),
    /// Blocks of shared bytes.
    SHARED(20_000, Integer.MAX_VALUE),
    /// Short messages that are not received before the kill: the sender sleeps for room.
    FULL(500, Integer.MAX_VALUE),
    /// Long messages that are not received before the kill: the sender sleeps for its quota.
    FULL_SPILL(3_000_000, Integer.MAX_VALUE),
    /// A few messages, then silence: the receiver sleeps.
    IDLE(500, 5);

    /// The bytes of a small ring.
    static final int CAPACITY = 4096;

    private final int longest;
    private final int most;

    Line(int longest, int most) {
        this.longest = longest;
        this.most = most;
    }

    /// The longest message.
    int longest() {
        return longest;
    }

    /// The number of messages sent.
    int most() {
        return most;
    }

    /// Whether the receiver waits for the kill before it receives.
    boolean isFull() {
        return this == FULL || this == FULL_SPILL;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
