package dev.ipcchannel.zipc;

import dev.ipcchannel.internal.base.Argument;

/// The options of an end of a queue.
///
/// @param dialect the place of the flag, the same on both sides
/// @param strict whether a receiver refuses two things that zipc's first documents do not allow: a
/// wait of more than 999 ms (an `IllegalArgumentException`), and a message whose length is greater
/// than its slot (a `ProtocolViolation`; otherwise it is cut to the slot)
public record ZipcOptions(ZipcDialect dialect, boolean strict) {

    private static final ZipcOptions DEFAULTS = new ZipcOptions(ZipcDialect.CURRENT, false);

    /// @throws NullPointerException if the dialect is missing
    public ZipcOptions {
        Argument.given(dialect, "dialect");
    }

    /// The default options: [ZipcDialect#CURRENT], not strict.
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
