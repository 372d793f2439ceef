package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The notice to the parent that this program has called `System.exit`, and where: the exit code
/// alone does not show that.
final class ExitNotice {

    private static final String OWN = "dev.ipcchannel.internal."; // not a program's

    private ExitNotice() {}

    /// Has the notice sent when this JVM goes down, if it does so for that reason.
    static void sendAtExit(Lifeline parent) {
        try {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> send(parent), "ipc-channel exit notice"));
        } catch (IllegalStateException _) {
            // It goes down already.
        }
    }

    private static void send(Lifeline parent) {
        String caller = caller(Thread.getAllStackTraces().values());
        if (caller != null) {
            parent.sendOnce(new GoAway(GoAway.Reason.SYSTEM_EXIT, caller));
        }
    }

    /// The caller of `System.exit` in one of these stacks: the thread that calls it waits there for
    /// the hooks.
    ///
    /// @return null if there is none, as after SIGTERM, after the end of `main`, or if a virtual
    /// thread is the caller, whose stack is not shown
    static @Nullable String caller(Collection<StackTraceElement[]> stacks) {
        for (StackTraceElement[] stack : stacks) {
            for (int i = 0; i + 1 < stack.length; i++) {
                if (isExit(stack[i]) && !isExit(stack[i + 1])) {
                    return stack[i + 1].getClassName().startsWith(OWN) ? null
                            : stack[i + 1].toString();
                }
            }
        }
        return null;
    }

    private static boolean isExit(StackTraceElement frame) {
        return frame.getMethodName().equals("exit")
                && (frame.getClassName().equals("java.lang.Runtime")
                        || frame.getClassName().equals("java.lang.System"));
    }
}
