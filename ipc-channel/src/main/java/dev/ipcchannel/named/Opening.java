package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.Entry;
import dev.ipcchannel.internal.meet.MeetingException;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameFolder;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.meet.RuntimeDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The opening of a name, for all kinds of ends, and the error texts that these have in common.
final class Opening {

    private static final int MAX_NAME = 200; // bytes
    private static final String SOURCE_LAUNCHER = "jdk.compiler/com.sun.tools.javac.launcher.";

    static { // loads classes, while there are descriptors
        RuntimeException _ = translated(MeetingException.Kind.EXHAUSTED, "", null);
    }

    private Opening() {}

    /// Registers a member and connects it with the members of the other role.
    static Member member(NameKind kind, String name, Codec<?> codec, Role role)
            throws InterruptedException {
        try {
            return Member.open(kind, name, EndAccess.type(codec),
                    EndAccess.typeName(codec instanceof NumberedCodec<?> numbered
                            ? numbered.messages() : codec),
                    program(), role);
        } catch (RuntimeException failure) {
            throw translated(failure);
        }
    }

    /// Removes the files of dead members of a name, and logs the living members.
    ///
    /// @return the number of dead members
    static int clear(NameKind kind, String name) throws InterruptedException {
        check(name);
        try {
            NameFolder.Cleared cleared =
                    NameFolder.of(RuntimeDirectory.find(), kind, name).clear();
            if (!cleared.living().isEmpty()) {
                Log.warning("a name is cleared that is in use: those that have it open go on",
                        "name=%s, members=%s".formatted(name,
                                cleared.living().stream().map(Opening::shown).toList()));
            }
            return cleared.swept();
        } catch (RuntimeException failure) {
            throw translated(failure);
        }
    }

    private static String shown(@Nullable Entry entry) {
        return entry == null ? "of another version"
                : "%s pid=%d (%s)".formatted(Printable.brief(entry.role()), entry.pid(),
                        Printable.of(entry.program()));
    }

    /// The step that closes a member, if there is one.
    static Runnable closing(@Nullable Member member) {
        return member == null ? () -> {} : member::close;
    }

    /// The name of this process for people: its main class or jar, as the JVM was given it.
    private static String program() {
        return program(System.getProperty("sun.java.command", ""));
    }

    /// @param command the class or jar and its arguments; the first of these is the source file, if
    /// one is run
    static String program(String command) {
        List<String> words = List.of(command.split(" ", 3)); // a jar's path with a blank is cut
        boolean isSource = words.size() > 1 && words.getFirst().startsWith(SOURCE_LAUNCHER);
        return isSource ? words.get(1).substring(words.get(1).lastIndexOf('/') + 1)
                : words.getFirst();
    }

    /// The failure of a wait for counterparts when its time is over.
    ///
    /// @param counts the number that is there and the number wanted
    /// @param why the end of the sentence
    static TimedOut tooFew(String what, String name, String counts, Duration timeout,
            String why) {
        return new TimedOut("%s within the time given: name=%s, %s, timeout=%s: %s".formatted(what,
                name, counts, ShownTime.of(timeout), why));
    }

    static RuntimeException translated(RuntimeException failure) {
        if (!(failure instanceof MeetingException meeting)) {
            return EndAccess.translate(failure);
        }
        return translated(meeting.kind(), String.valueOf(meeting.getMessage()),
                meeting.getCause());
    }

    private static RuntimeException translated(MeetingException.Kind kind, String message,
            @Nullable Throwable cause) {
        return switch (kind) {
            case EXHAUSTED -> new ResourceExhausted(message, cause);
            case HELD -> new TimedOut(message, cause);
            case OTHER_TYPE -> new TypeMismatch(message, cause);
            case NO_DIRECTORY, OTHER_FORM, OTHER_VERSION ->
                    new HandshakeFailed(message, cause);
        };
    }

    /// Checks the type of messages that go to many receivers.
    ///
    /// @throws IllegalArgumentException if they have ends of channels in them
    static void checkMany(String name, Codec<?> codec) {
        String end = EndAccess.movingEnd(codec);
        if (!end.isEmpty()) {
            throw new IllegalArgumentException(("ends of channels cannot go along in a message to"
                    + " many, since each has one place: name=%s, type=%s, end=%s: ask a service"
                    + " (NamedCaller), whose questions and answers can have some")
                    .formatted(Printable.of(name), codec, end));
        }
    }

    /// Checks a name.
    ///
    /// @throws IllegalArgumentException if the name is not valid
    static void check(String name) {
        Argument.given(name, "name");
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        boolean hasOther = name.codePoints().anyMatch(letter -> Character.isISOControl(letter)
                || letter == '/' || Character.getType(letter) == Character.SURROGATE);
        if (length < 1 || length > MAX_NAME || hasOther) {
            throw new IllegalArgumentException(("a name has 1 to %d bytes of UTF-8, without /,"
                    + " control characters and unpaired surrogates: name=%s, bytes=%d")
                    .formatted(MAX_NAME, Printable.quoted(name), length));
        }
        EndAccess.checkPlatform();
    }
}
