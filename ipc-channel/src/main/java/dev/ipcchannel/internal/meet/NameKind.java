package dev.ipcchannel.internal.meet;

/// The kinds of names. Each has its own names: a service and a channel may have the same name.
public enum NameKind {
    CHANNEL("channel"), SERVICE("service"), SIGNAL("signal"), BROADCAST("broadcast");

    private final String word;

    NameKind(String word) {
        this.word = word;
    }

    /// The word for the kind in an entry and in sentences.
    public String word() {
        return word;
    }
}
