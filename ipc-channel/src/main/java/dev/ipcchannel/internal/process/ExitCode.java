package dev.ipcchannel.internal.process;

import java.util.List;
import java.util.Set;

/// The exit code of a process, as the JDK reports it: 128 + n after signal n.
public final class ExitCode {

    private static final int SIGNAL_BASE = 128;

    /// The names of signals from 1 on, as x86-64 and AArch64 number them.
    private static final List<String> SIGNALS = List.of("SIGHUP", "SIGINT", "SIGQUIT", "SIGILL",
            "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
            "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP",
            "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM",
            "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS");

    /// The signals by which a process ends itself.
    private static final Set<String> CRASHES =
            Set.of("SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS");

    private ExitCode() {}

    /// Whether the process has crashed: by a signal such as SIGSEGV, or because it has aborted
    /// itself.
    public static boolean isCrash(int code) {
        int signal = code - SIGNAL_BASE;
        return signal >= 1 && signal <= SIGNALS.size()
                && CRASHES.contains(SIGNALS.get(signal - 1));
    }

    /// The cause or the remedy for a process that has ended with this code during a conversation,
    /// as the end of a sentence; empty if none is known.
    ///
    /// @param kill of [Kill#words]
    public static String remedy(int code, String kill) {
        return code == 0 ? ": have it run until its channels are closed"
                : kill.isEmpty() ? "" : ": " + kill;
    }

    /// An exit code in words.
    public static String describe(int code) {
        String signal = signal(code);
        return signal.isEmpty() ? "exit=" + code : "exit=%d (%s)".formatted(code, signal);
    }

    /// The name of the signal that has ended a process; empty if none has.
    public static String signal(int code) {
        int signal = code - SIGNAL_BASE;
        return signal < 1 || signal > SIGNALS.size() ? "" : SIGNALS.get(signal - 1);
    }
}
