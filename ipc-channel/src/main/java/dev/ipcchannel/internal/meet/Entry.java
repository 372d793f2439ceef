package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.codec.TypeDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of one member's file in the directory of names: everything that is known of the member
/// before a connection. Its pid, program and time decide nothing; they are for people.
///
/// ```text
///     ipc-channel name 1        the format and its version
///     kind channel
///     name my_service
///     role receiver
///     form route                of a kind that has forms; empty in others
///     lingers n                 y of a member that is closed, and still has messages for others
///     type record MyMessage(int id, List<Float> data)
///     pid 4711
///     program com.example.App
///     since 2026-01-31T12:00:00.000001Z
/// ```
///
/// A line feed and a backslash in a value are written `\n` and `\\`. A reader skips lines that it
/// does not know.
///
/// @param id the name of the file, which no other member has; empty if it is not known
/// @param kind of the name
/// @param name as its users write it
/// @param role of the member, one of its kind's words
/// @param form in which the name is open, the same for all members; empty if its kind has none
/// @param isLingering whether it is closed, and can still be found by those that its messages are
/// for
/// @param type of the messages, in the words of [dev.ipcchannel.Codec]; empty if it matches every
/// other
/// @param pid in the member's own view: in another pid namespace the number means another process
/// @param program its main class or command
/// @param since when the member joined, in ISO 8601; empty if it is not recorded
public record Entry(String id, NameKind kind, String name, String role, String form,
        boolean isLingering, String type, long pid, String program, String since) {

    /// The form of a name by which only one member may send.
    public static final String ROUTE = "route";

    /// The form of a name by which any number of members may send.
    public static final String CHANNEL = "channel";

    /// The role of a member that sends.
    public static final String SENDER = "sender";

    /// The length of the longest entry, in bytes.
    static final int MAX_TEXT = 1 << 20;

    private static final int MAX_TYPE = MAX_TEXT / 4; // a line feed takes two bytes
    private static final String FORMAT = "ipc-channel name 1";
    private static final Pattern OTHER_FORMAT =
            Pattern.compile("ipc-channel name (?!1\n)[0-9]{1,9}\n");

    /// The entry of a member whose kind of name has no forms, without a time.
    Entry(NameKind kind, String name, String role, String type, long pid, String program) {
        this("", kind, name, role, "", false, type, pid, program, "");
    }

    /// The description of a type for an entry: a longer one is cut, and has a digest of the whole.
    static String type(String description) {
        return TypeDescription.cut(description, MAX_TYPE);
    }

    /// The text for the file.
    public String toText() {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        line(text, "kind", kind.word());
        line(text, "name", name);
        line(text, "role", role);
        line(text, "form", form);
        line(text, "lingers", isLingering ? "y" : "n"); // one byte: a concurrent reader sees either
        line(text, "type", type);
        line(text, "pid", Long.toString(pid));
        line(text, "program", program);
        line(text, "since", since);
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(' ').append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n');
    }

    /// Parses a text of [#toText].
    ///
    /// @return null if it is another text, or of another version
    public static @Nullable Entry of(String text) {
        if (!text.startsWith(FORMAT + "\n")) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (String line : text.substring(FORMAT.length() + 1).split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.putIfAbsent(line.substring(0, space), unescaped(line.substring(space + 1)));
            }
        }
        return of(values);
    }

    /// Whether it is the text of an entry by another version of this library.
    static boolean isOfAnotherVersion(String text) {
        return OTHER_FORMAT.matcher(text).lookingAt();
    }

    /// Whether it is the beginning of an entry whose process was killed while it wrote.
    static boolean isBegun(String text) {
        return text.startsWith(FORMAT + "\n") || (FORMAT + "\n").startsWith(text);
    }

    private static @Nullable Entry of(Map<String, String> values) {
        NameKind kind = kind(values.getOrDefault("kind", ""));
        if (kind == null) {
            return null;
        }
        try {
            return new Entry("", kind, values.getOrDefault("name", ""),
                    values.getOrDefault("role", ""), values.getOrDefault("form", ""),
                    values.getOrDefault("lingers", "").equals("y"),
                    values.getOrDefault("type", ""),
                    Long.parseLong(values.getOrDefault("pid", "0")),
                    values.getOrDefault("program", ""), values.getOrDefault("since", ""));
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// The same entry with the name of its file.
    Entry in(String file) {
        return new Entry(file, kind, name, role, form, isLingering, type, pid, program, since);
    }

    /// The same entry of a member that joined at that time.
    Entry since(String time) {
        return new Entry(id, kind, name, role, form, isLingering, type, pid, program, time);
    }

    /// The same entry of a member that lingers. Its text differs in one byte.
    Entry lingering() {
        return new Entry(id, kind, name, role, form, true, type, pid, program, since);
    }

    /// The role, for people.
    public String shownRole() {
        return isLingering ? "lingering " + role : role;
    }

    /// The process, for people.
    String shownProcess() {
        return "pid=%d (%s)".formatted(pid, Printable.of(program));
    }

    private static @Nullable NameKind kind(String word) {
        for (NameKind kind : NameKind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    private static String unescaped(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char letter = value.charAt(i);
            if (letter == '\\' && i + 1 < value.length()) {
                i++;
                letter = value.charAt(i) == 'n' ? '\n' : value.charAt(i);
            }
            plain.append(letter);
        }
        return plain.toString();
    }
}
