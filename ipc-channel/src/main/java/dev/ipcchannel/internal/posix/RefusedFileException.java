package dev.ipcchannel.internal.posix;

/// The refusal to map a file by whose name processes meet, because it is not safe.
public final class RefusedFileException extends RuntimeException {

    private final String remedy;

    /// @param reason in the present tense: `it is a directory`
    /// @param remedy as the end of a sentence: `remove it, or take another name`
    RefusedFileException(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    /// The remedy, as the end of a sentence.
    public String remedy() {
        return remedy;
    }
}
