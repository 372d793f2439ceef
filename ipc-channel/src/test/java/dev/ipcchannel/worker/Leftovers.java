package dev.ipcchannel.worker;

import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.process.ProcessTree;
import dev.ipcchannel.testing.Children;
import java.time.Duration;

/// Processes that a test does not have as children.
final class Leftovers {

    private Leftovers() {}

    /// Whether a process runs. The JDK counts one as alive whose parent has not asked for its end.
    static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && "ZX".indexOf(ProcessTree.state(process.pid())) < 0;
    }

    /// The process with that number, as text.
    static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /// Waits until a process has ended.
    static void awaitEnd(ProcessHandle process) {
        await("process ends: " + process.pid()).atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(5)).until(() -> !isRunning(process));
    }
}
