package dev.ipcchannel.examples.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar on standard error, where that is a terminal; nothing elsewhere.
final class ProgressLine implements AutoCloseable {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private final @Nullable ProgressBar bar;

    private ProgressLine(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /// @param files how many there are to be settled
    static ProgressLine of(long files) {
        return new ProgressLine(!isTerminal() ? null
                : new ProgressBarBuilder().setTaskName("words").setUnit(" files", 1)
                        .setInitialMax(files).setStyle(ProgressBarStyle.ASCII).build());
    }

    /// The JDK knows it of standard input and output only.
    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(STANDARD_ERROR).toString()
                    .matches("/dev/(pts/|tty|console).*");
        } catch (IOException _) { // no /proc, or it is closed
            return false;
        }
    }

    void showSettled(long files) {
        if (bar != null) {
            bar.stepTo(files);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
