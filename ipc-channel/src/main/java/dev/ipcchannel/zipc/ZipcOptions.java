package dev.ipcchannel.zipc;

import dev.ipcchannel.internal.base.Argument;

/// The options by which an end of a queue is opened.
///
/// @param dialect where the flag lies, on which both sides have to agree
/// @param strict whether a receiver refuses what zipc's first documents do not allow: a wait of
/// more than 999 ms (an `IllegalArgumentException`), and a message said to be longer than its slot
/// (a `ProtocolViolation`, where it is cut to the slot otherwise)
public record ZipcOptions(ZipcDialect dialect, boolean strict) {

    private static final ZipcOptions DEFAULTS = new ZipcOptions(ZipcDialect.CURRENT, false);

    /// @throws NullPointerException if the dialect is missing
    public ZipcOptions {
        Argument.given(dialect, "dialect");
    }

    /// [ZipcDialect#CURRENT], not strict.
    public static ZipcOptions defaults() {
        return DEFAULTS;
    }

    /// The same with another dialect.
    public ZipcOptions withDialect(ZipcDialect dialect) {
        return new ZipcOptions(dialect, strict);
    }

    /// The same, strict or not.
    public ZipcOptions withStrict(boolean strict) {
        return new ZipcOptions(dialect, strict);
    }
}
