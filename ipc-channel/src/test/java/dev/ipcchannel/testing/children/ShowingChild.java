package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.base.Printable;

/// A child that prints non-ASCII letters and shortened texts on its standard error, as the
/// library's messages have them.
public final class ShowingChild {

    private ShowingChild() {}

    public static void main(String[] arguments) {
        System.err.println(Printable.of("gr\u00fcn \u65e5"));
        System.err.println(Printable.of("x".repeat(1001)));
        System.err.println(Printable.brief("x".repeat(61)));
        System.err.println(Printable.quoted("x".repeat(61)));
    }
}
