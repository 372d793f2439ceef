package dev.ipcchannel.internal.base;

/// A thread that works for many ends at once, so that it never waits for one, nor for code of the
/// user's: what is logged on it is written by another, see [Log]. It ends with the JVM.
public final class SharedThread extends Thread {

    /// @param name for thread dumps
    public SharedThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }
}
