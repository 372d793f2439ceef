package dev.ipcchannel.internal.meet;

/// The failure of a meeting by name.
public final class MeetingException extends RuntimeException {

    /// The kind of a failure.
    public enum Kind {
        /// No directory of names can be used.
        NO_DIRECTORY,
        /// Another process has the name locked for too long.
        HELD,
        /// Another member of the name uses another type.
        OTHER_TYPE,
        /// Another member of the name has it open in another form, or has the only place of its
        /// role.
        OTHER_FORM,
        /// Another member of the name has another version.
        OTHER_VERSION,
        /// A resource has run out.
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
