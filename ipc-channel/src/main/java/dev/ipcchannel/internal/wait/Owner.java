package dev.ipcchannel.internal.wait;

/// The one user of an end, for as long as it has that end for itself: a set of receivers, a caller,
/// a future that waits, a message on its way. All others are refused meanwhile, in its name.
public class Owner {

    private final String name;
    private final String remedy;

    /// @param name what it is, with its article, for messages
    /// @param remedy what to do for the end to be free again
    public Owner(String name, String remedy) {
        this.name = name;
        this.remedy = remedy;
    }

    /// Says that an end is not for the calling thread.
    ///
    /// @param what the end, with its article
    public IllegalStateException refusal(String what) {
        return new IllegalStateException("%s belongs to %s: %s: caller=%s".formatted(what, name,
                remedy, nameOf(Thread.currentThread())));
    }

    /// Virtual threads often have no name.
    static String nameOf(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : thread.getName();
    }

    /// There may be something to see that no socket tells of. Any thread.
    public void tell() {}
}
