package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;

/// The signals to other processes.
public final class Signals {

    /// Ends a process at once.
    public static final int KILL = 9;

    /// Asks a process to end.
    public static final int TERM = 15;

    // int kill(pid_t pid, int sig);
    private static final MemorySegment FUNCTION = Native.symbol("kill");

    private Signals() {}

    /// Whether a process, or a thread of one, has this number now. Never waits, because it does not
    /// read /proc.
    public static boolean isInUse(long pid) {
        try (Frame frame = Frame.borrow()) {
            return (int) Native.call(frame, FUNCTION, pid, 0, 0, 0, 0, 0) >= 0
                    || frame.errno() == Errno.EPERM;
        }
    }

    /// Sends a signal. Does nothing if that is not allowed, or if no process has the number.
    public static void send(long pid, int signal) {
        try (Frame frame = Frame.borrow()) {
            long _ = Native.call(frame, FUNCTION, pid, signal, 0, 0, 0, 0);
        }
    }
}
