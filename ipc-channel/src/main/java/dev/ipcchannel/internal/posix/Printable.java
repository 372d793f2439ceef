package dev.ipcchannel.internal.posix;

import java.util.HexFormat;

/// Text of another process, or of a user, as messages may show it.
public final class Printable {

    private static final int MAX_LETTERS = 1000;

    private Printable() {}

    /// The text with its control characters, but for tabs, written as Java escapes, and cut where it
    /// is long.
    public static String of(String text) {
        int shown = Math.min(text.length(), MAX_LETTERS);
        StringBuilder printable = new StringBuilder(shown);
        for (int i = 0; i < shown; i++) {
            char letter = text.charAt(i);
            if (Character.isISOControl(letter) && letter != '\t') {
                printable.append("\\u").append(HexFormat.of().toHexDigits(letter));
            } else {
                printable.append(letter);
            }
        }
        if (shown < text.length()) {
            printable.append("... (length=").append(text.length()).append(')');
        }
        return printable.toString();
    }
}
