package dev.ipcchannel.testing;

import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.process.ProcessTree;
import java.time.Duration;

/// Helper methods for processes that are not children of the test.
public final class Leftovers {

    private Leftovers() {}

    /// Whether a process runs. The JDK counts a zombie as alive, whose parent has not waited for
    /// it.
    public static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && "ZX".indexOf(ProcessTree.state(process.pid())) < 0;
    }

    /// The process with that number, as text.
    public static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /// Waits until a process has ended.
    public static void awaitEnd(ProcessHandle process) {
        await("process ends: " + process.pid()).atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(5)).until(() -> !isRunning(process));
    }
}
