package dev.ipcchannel.internal.end;

/// The words of an end that meets others by a name, for the sentences that its user sees.
///
/// @param name by which it was opened
/// @param type of the messages, if the codec's is not the one that the user knows; else empty
/// @param message the word for a message: "a message", "a question"
/// @param otherRole the word for the ends at the other side
/// @param options the class of its options
/// @param head the number of bytes that the library puts before each message, unknown to the user
public record NamedEnd(String name, String type, String message, String otherRole, String options,
        int head) {

    /// The words of an end of a name that is opened with the options of most kinds.
    public NamedEnd(String name, String type, String message, String otherRole) {
        this(name, type, message, otherRole, "NamedOptions", 0);
    }

    /// The words of an end of a named channel.
    public static NamedEnd of(String name, String otherRole) {
        return new NamedEnd(name, "", "a message", otherRole);
    }

    /// The words of an end of a broadcast channel.
    public static NamedEnd ofBroadcast(String name, String otherRole, int head) {
        return new NamedEnd(name, "", "a message", otherRole, "BroadcastOptions", head);
    }
}
