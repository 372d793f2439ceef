package dev.ipcchannel.internal.end;

/// The words of an end that meets others by a name, for the sentences that its user sees.
///
/// @param name by which it was opened
/// @param type of the messages, where the codec's is not the one that the user knows; empty if it
/// is
/// @param message the word for one: a message, a question
/// @param otherRole the word for those at the other side
/// @param options the class of its options
/// @param head how many bytes the library puts before each message, of which its user knows nothing
public record NamedEnd(String name, String type, String message, String otherRole, String options,
        int head) {

    /// An end of a name that is opened with the options of most kinds.
    public NamedEnd(String name, String type, String message, String otherRole) {
        this(name, type, message, otherRole, "NamedOptions", 0);
    }

    /// An end of a channel.
    public static NamedEnd of(String name, String otherRole) {
        return new NamedEnd(name, "", "a message", otherRole);
    }

    /// An end of a broadcast channel.
    public static NamedEnd ofBroadcast(String name, String otherRole, int head) {
        return new NamedEnd(name, "", "a message", otherRole, "BroadcastOptions", head);
    }
}
