package dev.ipcchannel.internal.base;

/// A thread that works for many ends at once, so it never waits for one of them, nor for user code:
/// another thread writes what it logs, see [Log]. It ends with the JVM.
public final class SharedThread extends Thread {

    /// @param name for thread dumps
    public SharedThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }
}
