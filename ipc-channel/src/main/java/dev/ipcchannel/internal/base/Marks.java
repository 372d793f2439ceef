package dev.ipcchannel.internal.base;

/// The marks of a conversation, beside the lane of one of its directions: a number that this side
/// stores and the other side can read at any time, even once this process is gone; and the other
/// side's number.
///
/// They let two sides decide something without a message: each side stores its mark and then loads
/// the other's, and at least one of the two sees the other's mark.
///
/// Any thread may call [#other], one thread at a time [#set], and other threads may close the end
/// meanwhile.
public interface Marks {

    /// Stores this side's mark, before anything that the calling thread loads later, the other mark
    /// above all. Before the first message, the mark waits for the lane; once the lane is gone,
    /// nothing is stored.
    void set(long mark);

    /// The other side's mark as it is now; once the lane is gone, the last one stored before that.
    /// 0 if there was none.
    long other();
}
