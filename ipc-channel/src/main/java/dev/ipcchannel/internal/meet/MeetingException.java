package dev.ipcchannel.internal.meet;

/// The failure of a meeting by name.
public final class MeetingException extends RuntimeException {

    /// The kind of what has gone wrong.
    public enum Kind {
        /// No directory of names can be used.
        NO_DIRECTORY,
        /// Another process holds the name for too long.
        HELD,
        /// Another member of the name means another type.
        OTHER_TYPE,
        /// Another member of the name has it open in another form, or has the only place of its
        /// role.
        OTHER_FORM,
        /// Another member of the name speaks another version.
        OTHER_VERSION,
        /// Something has run out.
        EXHAUSTED
    }

    private final Kind kind;

    MeetingException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
