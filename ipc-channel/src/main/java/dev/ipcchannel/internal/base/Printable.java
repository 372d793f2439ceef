package dev.ipcchannel.internal.base;

import java.util.HexFormat;

/// The one door for text of another process, or of a user, on its way into a message: what leaves
/// here is short, stands in one line, and says nothing to a terminal.
///
/// Written as Java escapes are control characters, but for tabs; what changes the order or is not
/// seen at all (Unicode's format characters: the overrides of direction, zero width, tags); the two
/// separators of lines and paragraphs; and halves of surrogate pairs.
public final class Printable {

    private static final int MAX_LETTERS = 1000;
    private static final int MAX_BRIEF_LETTERS = 60;

    private Printable() {}

    /// The text, cut after a thousand letters.
    public static String of(String text) {
        int shown = cut(text, MAX_LETTERS);
        String rest = shown < text.length() ? "... (length=%d)".formatted(text.length()) : "";
        return escaped(text, shown) + rest;
    }

    /// What was thrown says of itself: its class, and its message where there is one.
    public static String of(Throwable thrown) {
        String name = thrown.getClass().getName();
        String message = thrown.getMessage();
        return of(message == null ? name : name + ": " + message);
    }

    /// The text, cut after as many letters as fit into a sentence.
    public static String brief(String text) {
        int shown = cut(text, MAX_BRIEF_LETTERS);
        return escaped(text, shown) + (shown < text.length() ? "…" : "");
    }

    /// The same between quotation marks.
    public static String quoted(String text) {
        return "'" + brief(text) + "'";
    }

    /// Where to cut, and never inside of a surrogate pair.
    private static int cut(String text, int limit) {
        if (text.length() <= limit) {
            return text.length();
        }
        boolean isInPair = Character.isSurrogatePair(text.charAt(limit - 1), text.charAt(limit));
        return isInPair ? limit - 1 : limit;
    }

    private static String escaped(String text, int length) {
        StringBuilder printable = new StringBuilder(length);
        int letter;
        for (int i = 0; i < length; i += Character.charCount(letter)) {
            letter = text.codePointAt(i);
            if (isShown(letter)) {
                printable.appendCodePoint(letter);
            } else {
                appendEscaped(letter, printable);
            }
        }
        return printable.toString();
    }

    private static boolean isShown(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL -> letter == '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static void appendEscaped(int letter, StringBuilder printable) {
        for (char half : Character.toChars(letter)) {
            printable.append("\\u").append(HexFormat.of().toHexDigits(half));
        }
    }
}
