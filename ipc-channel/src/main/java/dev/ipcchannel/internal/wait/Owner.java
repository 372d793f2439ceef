package dev.ipcchannel.internal.wait;

/// The user that has an end for itself: a set of receivers, a caller, a future that waits, a
/// message on its way. Meanwhile all others are refused, with its name in the message.
public class Owner {

    private final String name;
    private final String remedy;

    /// @param name what it is, with its article, for messages
    /// @param remedy what to do so that the end becomes free
    public Owner(String name, String remedy) {
        this.name = name;
        this.remedy = remedy;
    }

    /// The exception for a thread that may not use an end.
    ///
    /// @param what the end, with its article
    public IllegalStateException refusal(String what) {
        return new IllegalStateException("%s belongs to %s: %s: caller=%s".formatted(what, name,
                remedy, nameOf(Thread.currentThread())));
    }

    /// The name of a thread. Virtual threads often have none.
    static String nameOf(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : thread.getName();
    }

    /// Notifies the owner of an event that no socket reports. Any thread.
    public void signal() {}
}
