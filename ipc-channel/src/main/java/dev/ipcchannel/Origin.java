package dev.ipcchannel;

import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// A mark that the ends of one channel have in common while they are in the process that made it,
/// compared by identity. An end that has arrived in a message gets a mark of its own.
///
/// The mark of an end opened by a name has that name, for error texts.
final class Origin {

    private final @Nullable NamedEnd named;

    /// The mark of ends without a name.
    Origin() {
        this.named = null;
    }

    /// The mark of an end that meets others by a name.
    Origin(NamedEnd named) {
        this.named = named;
    }

    /// The name in the middle of a sentence, with the comma before it; empty if there is none.
    String shown() {
        return named == null ? "" : ", name=" + named.name();
    }

    /// A sentence about an end, followed by its name.
    String sentence(String what) {
        return named == null ? what : what + ": name=" + named.name();
    }

    /// The type of the messages as it was given with the name; else `type`.
    String typeOr(String type) {
        return named == null || named.type().isEmpty() ? type : named.type();
    }

    /// The public exception for an internal one, with the name.
    RuntimeException translate(Throwable failure) {
        return Failures.translate(failure, named == null ? "" : named.name());
    }

    /// The failure to write or read a message, with the name.
    IpcException named(CodecFailed failure) {
        return named == null ? failure
                : new CodecFailed(
                        Failures.named(named.name(), String.valueOf(failure.getMessage())),
                        failure.getCause()).of(failure.head());
    }

    /// The process at the other side of a conversation; empty if it is not known.
    String otherSide(@Nullable Peer reader) {
        if (reader == null || reader.pid() == 0) {
            return "";
        }
        return named == null ? "process (pid=" + reader.pid() + ")"
                : "%s of %s (pid=%d%s)".formatted(named.otherRole(), named.name(), reader.pid(),
                        reader.program().isEmpty() ? "" : ", " + reader.program());
    }

    /// The failure of a message of more bytes than can be sent that way.
    ///
    /// @param type of the message
    MessageTooLarge tooLong(long length, Outgoing way, String type) {
        if (named == null) {
            return Failures.tooLong(length, way.maxMessage(), type);
        }
        Peer limiting = way.limiting();
        String whose = limiting == null ? "this sender" : "a " + named.otherRole();
        String receiver = limiting == null ? ""
                : ", %s: %s".formatted(named.otherRole(), limiting.shown());
        int head = named.head();
        String remedy = length <= LaneSettings.MAX_MESSAGE
                ? ("open it with %s.withChannel(ChannelOptions.defaults()"
                        + ".withMaxMessage(%d)), or up to %d")
                        .formatted(named.options(), length - head, LaneSettings.MAX_MESSAGE - head)
                : "no receiver takes a longer one: send it in several pieces, or what is long in it"
                        + " as SharedBytes";
        return new MessageTooLarge(("%s is longer than %s takes: name=%s, type=%s, length=%d,"
                + " limit=%d%s: %s").formatted(named.message(), whose, named.name(), type,
                        length - head, way.maxMessage() - head, receiver, remedy));
    }
}
