package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.meet.MeetingException;
import dev.ipcchannel.internal.lane.LaneException;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.meet.Role;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The opening of a name, for all kinds of ends.
final class Opening {

    private static final int MAX_NAME = 200; // bytes

    static { // later, without a descriptor, what this needs could not come out of a folder
        RuntimeException _ = translated(MeetingException.Kind.EXHAUSTED, "", null);
    }

    private Opening() {}

    /// Registers a member and meets those of the other role.
    static Member member(NameKind kind, String name, Codec<?> codec, Role role)
            throws InterruptedException {
        try {
            return Member.open(kind, name, EndAccess.type(codec), EndAccess.typeName(codec),
                    program(), role);
        } catch (RuntimeException failure) {
            throw translated(failure);
        }
    }

    /// Writes what a counterpart needs to send to this member.
    ///
    /// @return false if this member is being closed
    static boolean isOffered(Share wayIn, Transfer transfer) {
        try {
            wayIn.export(transfer);
            return true;
        } catch (LaneException failure) {
            if (failure.kind() != LaneException.Kind.CLOSED) {
                throw failure;
            }
            return false;
        }
    }

    /// Why a counterpart is not taken up, for [Role#takeUp].
    static String refusal(LaneException failure) {
        return failure.kind() == LaneException.Kind.CLOSED ? Role.ENDS
                : String.valueOf(failure.getMessage());
    }

    /// What people know this process by: its main class or jar, as the JVM was given it.
    private static String program() {
        String command = System.getProperty("sun.java.command", "");
        int space = command.indexOf(' ');
        return space < 0 ? command : command.substring(0, space);
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
            case NO_DIRECTORY, EXHAUSTED -> new ResourceExhausted(message, cause);
            case HELD -> new TimedOut(message, cause);
            case OTHER_TYPE -> new TypeMismatch(message, cause);
            case OTHER_VERSION -> new HandshakeFailed(message, cause);
        };
    }

    /// Checks a name.
    ///
    /// @throws IllegalArgumentException if it is none
    static void check(String name) {
        Argument.given(name, "name");
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        boolean hasOther = name.codePoints().anyMatch(letter -> Character.isISOControl(letter)
                || letter == '/' || Character.getType(letter) == Character.SURROGATE);
        if (length < 1 || length > MAX_NAME || hasOther) {
            throw new IllegalArgumentException(("a name has 1 to %d bytes of UTF-8, without /,"
                    + " control characters and unpaired surrogates: name=%s, bytes=%d")
                    .formatted(MAX_NAME, Printable.of(name), length));
        }
        EndAccess.checkPlatform();
    }
}
