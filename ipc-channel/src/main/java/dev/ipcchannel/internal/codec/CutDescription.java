package dev.ipcchannel.internal.codec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The beginning of a description that does not fit, with an end of a channel or in an entry of a
/// name: its first bytes, then `...#` and a digest of the whole.
final class CutDescription {

    private static final Pattern END = Pattern.compile("\\.\\.\\.#[0-9a-f]{16}$");

    private static final String MARKS = "{}()<>[]:,|";

    private static final int DIGEST_BYTES = 8;
    private static final String CUT = "...#";

    private CutDescription() {}

    static String of(String description, int maxBytes) {
        byte[] bytes = description.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return description;
        }
        String digest = CUT + digest(bytes);
        int kept = maxBytes - digest.length();
        while ((bytes[kept] & 0xC0) == 0x80) {
            kept--; // not inside a character
        }
        return new String(bytes, 0, kept, StandardCharsets.UTF_8) + digest;
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) { // every JDK has it
            throw new AssertionError(impossible);
        }
    }

    /// A description that can be parsed: at the cut a [DescribedType#CUT] stands for the missing
    /// text, and all open brackets are closed. A description that was not cut is returned
    /// unchanged.
    static String closed(String text) {
        Matcher end = END.matcher(text);
        if (!end.find()) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text.substring(0, lastWhole(text, end.start())));
        Deque<Character> open = open(whole);
        whole.append(missing(whole, open));
        open.forEach(whole::append);
        return whole.toString();
    }

    /// The index after the last whole name or bracket. Array brackets at the end are dropped,
    /// because further dimensions may be missing.
    private static int lastWhole(String text, int cut) {
        int length = cut;
        while (length > 0 && MARKS.indexOf(text.charAt(length - 1)) < 0) {
            length--;
        }
        while (length > 0 && "[]".indexOf(text.charAt(length - 1)) >= 0) {
            length--;
        }
        return length;
    }

    /// The closing brackets, the innermost first.
    private static Deque<Character> open(CharSequence text) {
        Deque<Character> open = new ArrayDeque<>();
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '{' -> open.push('}');
                case '(' -> open.push(')');
                case '<' -> open.push('>');
                case '}', ')', '>' -> open.poll();
                default -> { /* not a bracket */ }
            }
        }
        return open;
    }

    private static String missing(CharSequence text, Deque<Character> open) {
        char last = text.isEmpty() ? ':' : text.charAt(text.length() - 1);
        boolean isNamed = !open.isEmpty() && open.peek() != '>';
        String mark = isNamed && last != ':'
                ? DescribedType.CUT + ":" + DescribedType.CUT : DescribedType.CUT;
        if (":,|{(<".indexOf(last) >= 0) {
            return mark;
        }
        String after = open.isEmpty() || !isNamed ? "" : (open.peek() == ')' ? "|" : ",") + mark;
        return DescribedType.CUT + after; // for a type that may be the element of an array
    }
}
