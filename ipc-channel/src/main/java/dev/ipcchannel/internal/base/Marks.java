package dev.ipcchannel.internal.base;

/// The marks of a conversation, beside the lane of one of its directions: a number that this side
/// stores and the other side can read at any time, also once this process is gone, and the
/// other way round.
///
/// They are for two sides that decide something with no message between: each stores its mark and
/// then looks at the other's, and at least one of the two sees the other's.
///
/// Any thread may call [#other], one at a time [#set], and others may close the end meanwhile.
public interface Marks {

    /// Stores this side's mark, and keeps what the calling thread loads after it, the other mark
    /// above all, from going ahead of it. Before the first message, the mark waits for the lane;
    /// once the lane is gone, nothing is stored.
    void set(long mark);

    /// The other side's mark as it is now; once the lane is gone, the last one that was stored
    /// until then. 0 if there was none.
    long other();
}
