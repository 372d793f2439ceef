package dev.ipcchannel.zipc;

/// The place of a queue's flag, in which versions of zipc differ. Both sides of a queue use the
/// same.
///
/// There is no difference where the length of all slots together is a multiple of 4.
public enum ZipcDialect {

    /// The first versions: the flag lies right after the slots, wherever that is.
    CLASSIC,

    /// Versions that count waiters: the flag lies at the next multiple of 4.
    CURRENT
}
