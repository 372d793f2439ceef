package dev.ipcchannel.internal.end;

/// A codec whose messages end with bytes as they are. A reader may copy these bytes straight into
/// their final array.
public interface ByteTail {

    /// The length of no tail.
    int NONE = -1;

    /// The number of bytes of a message before the tail; or [#NONE].
    int headLength();
}
