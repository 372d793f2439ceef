package dev.ipcchannel.gate;

import org.jspecify.annotations.Nullable;

/// One violation a method, named like the check that must find it.
final class Violations {

    private Violations() {
    }

    static int nullAway(@Nullable String text) {
        return text.length();
    }

    static void deadException() {
        new IllegalStateException("not thrown");
    }
}
