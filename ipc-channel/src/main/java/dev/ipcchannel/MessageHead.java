package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;

/// The beginning of a message whose rest could not be read: its record class, and its first number,
/// by which the other side usually knows which message is meant.
///
/// @param type the class of the record
/// @param number its first component, which is a `long`
public record MessageHead(Class<?> type, long number) {

    /// @throws NullPointerException if there is no class
    public MessageHead {
        Argument.given(type, "type");
    }
}
