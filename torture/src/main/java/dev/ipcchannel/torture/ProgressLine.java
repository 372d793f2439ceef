package dev.ipcchannel.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar of one storm's time on standard error. It is shown only on a terminal.
final class ProgressLine implements AutoCloseable {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final ProgressBar bar;
    private final ScheduledExecutorService clock;

    private ProgressLine(String name, Budget budget, Findings findings) {
        Duration time = budget.time();
        bar = new ProgressBarBuilder().setTaskName(name).setUnit(" s", 1)
                .setInitialMax(time.toSeconds()).setStyle(ProgressBarStyle.ASCII).build();
        clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("progress").factory());
        var _ = clock.scheduleAtFixedRate(() -> {
            bar.stepTo(time.minus(budget.left()).toSeconds());
            bar.setExtraMessage(findings.faultCount() + " faults");
        }, 1, 1, TimeUnit.SECONDS);
    }

    /// Starts a bar if there is a terminal to show it on.
    static AutoCloseable start(String name, Budget budget, Findings findings) {
        return isTerminal() ? new ProgressLine(name, budget, findings) : () -> {};
    }

    /// Whether standard error is a terminal. The JDK reports that only of standard input and
    /// output.
    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(STANDARD_ERROR).toString()
                    .matches("/dev/(pts/|tty|console).*");
        } catch (IOException _) { // no /proc, or it is closed
            return false;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        bar.close();
    }
}
