package dev.ipcchannel.internal.base;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The headers of a question: names with values, which travel as text. Immutable.
///
/// ```text
///     traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
///     tenant=north
/// ```
///
/// Each line ends with a line feed. A name has letters, digits, `-`, `_` and `.`; a value is any
/// text without control characters.
public final class Headers {

    /// The most bytes of the text, in UTF-8.
    public static final int MAX_BYTES = 256;

    /// None at all; their text is empty.
    public static final Headers NONE = new Headers("", Map.of());

    private static final Pattern LINE = Pattern.compile("([^=\n]*)=([^\n]*)\n");

    private final String text;
    private final Map<String, String> values;

    private Headers(String text, Map<String, String> values) {
        this.text = text;
        this.values = values;
    }

    /// The headers that a user, or a user's carrier, has given.
    ///
    /// @throws IllegalArgumentException if a name or a value is not valid, or all together are too
    /// long
    public static Headers of(@Nullable Map<String, String> given) {
        if (given == null) {
            throw new NullPointerException("a ContextCarrier returned null instead of headers:"
                    + " have it return Map.of() where there are none");
        }
        try {
            return given.isEmpty() ? NONE : checked(new LinkedHashMap<>(given));
        } catch (ClassCastException wrong) {
            throw new IllegalArgumentException("a header is not a name with a value, both texts: "
                    + wrong.getMessage(), wrong);
        }
    }

    /// The headers that a user has given after these: these, if they are equal, which needs no
    /// check. Throws what [#of] throws.
    public Headers next(@Nullable Map<String, String> given) {
        return values.equals(given) ? this : of(given);
    }

    /// The headers that another process has sent as text, which is not believed.
    ///
    /// @throws IllegalArgumentException if it is no such text
    public static Headers read(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        checkLength(text, "unread"); // first, so that no text costs more than a short one
        Map<String, String> values = new LinkedHashMap<>();
        Matcher line = LINE.matcher(text);
        int end = 0;
        while (line.region(end, text.length()).lookingAt()) {
            if (values.put(line.group(1), line.group(2)) != null) {
                throw new IllegalArgumentException(
                        "a header is there twice: name=" + Printable.brief(line.group(1)));
            }
            end = line.end();
        }
        if (end != text.length()) {
            throw new IllegalArgumentException(
                    "the headers are not lines of name=value: length="
                            + text.length());
        }
        return checked(values);
    }

    private static Headers checked(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> {
            check(name, value);
            text.append(name).append('=').append(value).append('\n');
        });
        String whole = text.toString();
        checkLength(whole, values.keySet().toString());
        return new Headers(whole, Collections.unmodifiableMap(values));
    }

    private static void checkLength(String text, String names) {
        // A text has no fewer bytes than letters.
        int length = text.length() > MAX_BYTES ? text.length()
                : text.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(("the headers are too long together: names=%s,"
                    + " length=%d, limit=%d bytes (names, values, and two for each): send an id"
                    + " instead of the data").formatted(Printable.brief(names), length, MAX_BYTES));
        }
    }

    private static void check(@Nullable String name, @Nullable String value) {
        if (name == null || value == null) {
            throw new NullPointerException("a header has no %s: header=%s: leave it out of the map"
                    .formatted(name == null ? "name" : "value", name == null ? value : name));
        }
        if (!isName(name)) {
            throw new IllegalArgumentException(("the name of a header has letters (a to z, A to"
                    + " Z), digits, '-', '_' and '.', and nothing else: name=\"%s\"")
                    .formatted(Printable.brief(name)));
        }
        if (!isText(value)) {
            throw new IllegalArgumentException(("the value of a header is text without line breaks,"
                    + " other control characters and halves of surrogate pairs: name=%s,"
                    + " value=\"%s\": encode it, in Base64 say")
                    .formatted(name, Printable.brief(value)));
        }
    }

    // These two are loops: they run for each job and question with a context, where a pattern and a
    // stream took longer than all else that is done to give a small job to a worker.
    private static boolean isName(String name) {
        for (int at = 0; at < name.length(); at++) {
            if (!isOfName(name.charAt(at))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isOfName(char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
                || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_'
                || letter == '.';
    }

    /// Whether it has neither a control character nor half of a pair of `char`s.
    private static boolean isText(String value) {
        for (int at = 0; at < value.length(); at += Character.charCount(value.codePointAt(at))) {
            int codePoint = value.codePointAt(at);
            if (Character.isISOControl(codePoint) || isHalf(codePoint)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// As they travel.
    public String text() {
        return text;
    }

    /// The values by their names, in the order in which they were given; it cannot be changed.
    public Map<String, String> values() {
        return values;
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
