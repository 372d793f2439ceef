package dev.ipcchannel.internal.end;

/// The words of an end that meets others by a name, for the sentences that its user sees.
///
/// @param name by which it was opened
/// @param type of the messages, where the codec's is not the one that the user knows; empty if it is
/// @param message the word for one: a message, a question
/// @param otherRole the word for those at the other side
public record NamedEnd(String name, String type, String message, String otherRole) {

    /// An end of a channel.
    public static NamedEnd of(String name, String otherRole) {
        return new NamedEnd(name, "", "a message", otherRole);
    }
}
