package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.base.Printable;

/// Prints letters beyond ASCII on its standard error, as a message of the library's has them.
public final class ShowingChild {

    private ShowingChild() {}

    public static void main(String[] arguments) {
        System.err.println(Printable.of("gr\u00fcn \u65e5"));
    }
}
