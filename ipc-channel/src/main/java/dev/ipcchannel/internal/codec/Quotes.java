package dev.ipcchannel.internal.codec;

/// Text that came from outside, for a message: short, and without control characters.
final class Quotes {

    private static final int SHOWN_CHARS = 60;

    private Quotes() {}

    /// The text between quotation marks.
    static String of(String said) {
        return "'" + plain(said) + "'";
    }

    /// The text by itself.
    static String plain(String said) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(said.length(), SHOWN_CHARS); i++) {
            char c = said.charAt(i);
            shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return shown.append(said.length() > SHOWN_CHARS ? "…" : "").toString();
    }
}
