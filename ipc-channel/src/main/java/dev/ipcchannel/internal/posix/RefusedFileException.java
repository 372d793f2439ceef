package dev.ipcchannel.internal.posix;

/// A file that has a name for processes to meet by is not safe to map.
public final class RefusedFileException extends RuntimeException {

    /// @param reason what it is, in the present tense: `it is a directory`
    RefusedFileException(String reason) {
        super(reason);
    }
}
