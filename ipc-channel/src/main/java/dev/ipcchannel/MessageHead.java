package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;

/// The beginning of a message whose rest could not be read: which record it is, and the number that
/// it begins with, by which the other sides of conversations usually know what is meant.
///
/// @param type the class of the record
/// @param number its first component, which is a `long`
public record MessageHead(Class<?> type, long number) {

    /// @throws NullPointerException if there is no class
    public MessageHead {
        Argument.given(type, "type");
    }
}
