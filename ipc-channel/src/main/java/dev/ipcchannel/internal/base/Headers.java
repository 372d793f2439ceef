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

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
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
        return given.isEmpty() ? NONE : checked(new LinkedHashMap<>(given));
    }

    /// The headers that another process has sent as text, which is not believed.
    ///
    /// @throws IllegalArgumentException if it is no such text
    public static Headers read(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        if (text.length() > MAX_BYTES) { // first: the search for lines would take a square of it
            throw new IllegalArgumentException(
                    "the headers of a question are too long: length=%d or more, limit=%d bytes"
                            .formatted(text.length(), MAX_BYTES));
        }
        Map<String, String> values = new LinkedHashMap<>();
        Matcher line = LINE.matcher(text);
        int end = 0;
        while (line.find() && line.start() == end) {
            if (values.put(line.group(1), line.group(2)) != null) {
                throw new IllegalArgumentException(
                        "a question has a header twice: name=" + Printable.brief(line.group(1)));
            }
            end = line.end();
        }
        if (end != text.length()) {
            throw new IllegalArgumentException(
                    "the headers of a question are no lines of name=value: length="
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
        int length = whole.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException(("the headers of a question are too long: names=%s,"
                    + " length=%d, limit=%d bytes, with two for each header: carry an id, and not"
                    + " what it stands for").formatted(values.keySet(), length, MAX_BYTES));
        }
        return new Headers(whole, Collections.unmodifiableMap(values));
    }

    private static void check(String name, String value) {
        Argument.given(name, "name of a header");
        Argument.given(value, "value of the header " + name);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(("the name of a header has letters, digits, '-', '_'"
                    + " and '.', and nothing else: name=\"%s\"").formatted(Printable.brief(name)));
        }
        if (value.codePoints().anyMatch(Headers::isNoText)) {
            throw new IllegalArgumentException(("the value of a header is text without line breaks"
                    + " and other control characters: name=%s, value=\"%s\"")
                    .formatted(name, Printable.brief(value)));
        }
    }

    /// Whether it is a control character, or half of a pair of `char`s.
    private static boolean isNoText(int codePoint) {
        return Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE;
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
