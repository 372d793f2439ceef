package dev.ipcchannel.internal.posix;

/// The refusal to map a file by whose name processes meet: it is not safe.
public final class RefusedFileException extends RuntimeException {

    private final String remedy;

    /// @param reason what it is, in the present tense: `it is a directory`
    /// @param remedy what to do, as the end of a sentence: `remove it, or take another name`
    RefusedFileException(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    /// What to do about it, as the end of a sentence.
    public String remedy() {
        return remedy;
    }
}
