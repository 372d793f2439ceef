package dev.ipcchannel.zipc;

/// A dialect of zipc: its versions differ in the place of a queue's flag. Both sides of a queue use
/// the same dialect.
///
/// There is no difference if the length of all slots together is a multiple of 4.
public enum ZipcDialect {

    /// The first versions: the flag is right after the slots.
    CLASSIC,

    /// Versions that count waiters: the flag is at the next multiple of 4.
    CURRENT
}
