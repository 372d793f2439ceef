package dev.ipcchannel.internal.base;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The filter for text of another process, or of a user, on its way into a message: the result is
/// short, on one line, and has no effect on a terminal.
///
/// Written as Java escapes are: control characters other than tabs; characters that change the
/// order or are invisible (Unicode's format characters: overrides of direction, zero width, tags);
/// the two separators of lines and paragraphs; halves of surrogate pairs; and letters that the
/// charset of standard error lacks, which would become question marks.
public final class Printable {

    private static final int MAX_LETTERS = 1000;
    private static final int MAX_BRIEF_LETTERS = 60;
    private static final int MAX_WORDS_LETTERS = 200; // of paths too
    private static final int ASCII = 0x80; // letters below this are ASCII
    private static final Charset OUTPUT = output(System.getProperty("stderr.encoding", "UTF-8"));

    /// The sign for omitted text, in letters that standard error has.
    public static final String CUT = OUTPUT.newEncoder().canEncode('…') ? "…" : "...";

    private Printable() {}

    /// The charset of that name. Some charsets can only decode, and cannot be one of an output.
    private static Charset output(String name) {
        Charset named = Charset.forName(name, StandardCharsets.UTF_8);
        return named.canEncode() ? named : StandardCharsets.UTF_8;
    }

    /// The text, cut so that it takes a thousand letters at most, escapes included.
    public static String of(String text) {
        return shown(text, MAX_LETTERS, "", true);
    }

    /// A command line, cut so that it fits into the middle of a sentence.
    public static String words(List<String> words) {
        return part(String.join(" ", words));
    }

    /// A file or folder, cut in the same way.
    public static String path(Path path) {
        return path(path.toString());
    }

    /// The name of a file, or a name that no file can have, cut in the same way.
    public static String path(String name) {
        return part(name);
    }

    private static String part(String text) {
        return shown(text, MAX_WORDS_LETTERS, "", true);
    }

    private static String letters(String text) {
        return String.format(Locale.ROOT, " (%,d letters)", text.codePointCount(0, text.length()));
    }

    /// The class of what was thrown, and its message if there is one.
    public static String of(Throwable thrown) {
        String name = thrown.getClass().getName();
        String message = message(thrown);
        return of(message == null ? name : name + ": " + message);
    }

    /// The message of what was thrown; null if its class fails to give one.
    public static @Nullable String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable _) { // the first failure is enough
            return null;
        }
    }

    /// The text, cut so that it fits into a sentence.
    public static String brief(String text) {
        return shown(text, MAX_BRIEF_LETTERS, "", false);
    }

    /// The same between quotation marks, and the length of a text that was cut.
    public static String quoted(String text) {
        return "'" + shown(text, MAX_BRIEF_LETTERS, "'", true);
    }

    /// @param end follows the text, whole or cut
    /// @param isCounted whether the length of a text that was cut is added
    private static String shown(String text, int limit, String end, boolean isCounted) {
        CharsetEncoder encoder = OUTPUT.newEncoder();
        StringBuilder shown = new StringBuilder(Math.min(text.length(), limit));
        int letter;
        for (int i = 0; i < text.length(); i += Character.charCount(letter)) {
            letter = text.codePointAt(i);
            int length = shown.length();
            append(letter, encoder, shown);
            if (shown.length() > limit) {
                shown.setLength(length);
                return shown.append(CUT).append(end).append(isCounted ? letters(text) : "")
                        .toString();
            }
        }
        return shown.append(end).toString();
    }

    private static void append(int letter, CharsetEncoder encoder, StringBuilder shown) {
        if (isShown(letter)
                && (letter < ASCII || encoder.canEncode(Character.toString(letter)))) {
            shown.appendCodePoint(letter);
            return;
        }
        for (char half : Character.toChars(letter)) {
            shown.append("\\u").append(HexFormat.of().toHexDigits(half));
        }
    }

    private static boolean isShown(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL -> letter == '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
