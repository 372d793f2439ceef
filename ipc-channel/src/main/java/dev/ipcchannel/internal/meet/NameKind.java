package dev.ipcchannel.internal.meet;

/// The kinds of names. Each has names of its own: a service and a channel may be called the same.
public enum NameKind {
    CHANNEL("channel"), SERVICE("service"), SIGNAL("signal"), BROADCAST("broadcast");

    private final String word;

    NameKind(String word) {
        this.word = word;
    }

    /// The word for it in an entry and in sentences.
    public String word() {
        return word;
    }
}
