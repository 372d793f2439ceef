package dev.ipcchannel.internal.posix;

/// The refusal to map a file by whose name processes meet: it is not safe.
public final class RefusedFileException extends RuntimeException {

    /// @param reason what it is, in the present tense: `it is a directory`
    RefusedFileException(String reason) {
        super(reason);
    }
}
