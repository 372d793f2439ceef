package dev.ipcchannel.internal.end;

/// A codec whose messages end with bytes as they are: a reader may have copied these to where they
/// stay, in an array of their own.
public interface TailOfBytes {

    /// That there is no such tail.
    int NONE = -1;

    /// How many bytes of a message come before that; or [#NONE].
    int headLength();
}
