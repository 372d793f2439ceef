package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.codec.TypeDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of one member's file in the directory of names: all that is known of it before a
/// connection. Nothing is decided by its pid, program and time, which are for people.
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
/// A line feed and a backslash in a value are written `\n` and `\\`. Lines that a reader does not
/// know are passed over.
///
/// @param id the name of the file, which no other member has; empty where it is not known
/// @param kind of the name
/// @param name as its users write it
/// @param role of the member, a word of its kind's
/// @param form in which the name is open, the same for all members; empty where its kind has none
/// @param isLingering whether it is closed, and is still found by those that its messages are for
/// @param type of the messages, in the words of [dev.ipcchannel.Codec]; empty if it matches every
/// other
/// @param pid as the member sees itself: in another pid namespace it means another process
/// @param program its main class or command
/// @param since when the member joined, as ISO 8601 has it; empty if it does not say
public record Entry(String id, NameKind kind, String name, String role, String form,
        boolean isLingering, String type, long pid, String program, String since) {

    /// The form of a name that one member may send by, and no more.
    public static final String ROUTE = "route";

    /// The form of a name that any number of members may send by.
    public static final String CHANNEL = "channel";

    /// The role of a member that sends.
    public static final String SENDER = "sender";

    /// The most bytes of an entry.
    static final int MAX_TEXT = 1 << 20;

    private static final int MAX_TYPE = MAX_TEXT / 4; // a line feed takes two bytes
    private static final String FORMAT = "ipc-channel name 1";
    private static final Pattern OTHER_FORMAT =
            Pattern.compile("ipc-channel name (?!1\n)[0-9]{1,9}\n");

    /// The entry of a member whose kind of name has no forms, and which does not say since when it
    /// is there.
    Entry(NameKind kind, String name, String role, String type, long pid, String program) {
        this("", kind, name, role, "", false, type, pid, program, "");
    }

    /// The description of a type as an entry has it: a longer one is cut, and has a digest of
    /// the whole.
    static String type(String description) {
        return TypeDescription.cut(description, MAX_TYPE);
    }

    /// The text as it stands in the file.
    public String toText() {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        line(text, "kind", kind.word());
        line(text, "name", name);
        line(text, "role", role);
        line(text, "form", form);
        line(text, "lingers", isLingering ? "y" : "n"); // one byte: who reads meanwhile sees either
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

    /// Reads what [#toText] has written.
    ///
    /// @return null if it is no such text, or one of another version
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

    /// Whether it is the text of an entry as another version of this library writes it.
    static boolean isOfAnotherVersion(String text) {
        return OTHER_FORMAT.matcher(text).lookingAt();
    }

    /// Whether it is what a process has written of an entry that was killed amid that.
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

    /// The same of the file that it was read from.
    Entry in(String file) {
        return new Entry(file, kind, name, role, form, isLingering, type, pid, program, since);
    }

    /// The same of a member that is there since that time.
    Entry since(String time) {
        return new Entry(id, kind, name, role, form, isLingering, type, pid, program, time);
    }

    /// The same of a member that lingers. Its text differs in one byte.
    Entry lingering() {
        return new Entry(id, kind, name, role, form, true, type, pid, program, since);
    }

    /// The role in words for people.
    public String shownRole() {
        return isLingering ? "lingering " + role : role;
    }

    /// The process in words for people.
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
