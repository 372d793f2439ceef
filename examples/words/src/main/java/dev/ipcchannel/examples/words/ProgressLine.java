package dev.ipcchannel.examples.words;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A progress bar on standard error. It is shown only on a terminal.
public final class ProgressLine implements AutoCloseable {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static final String ERASE = "\r\33[K"; // the line, where the bar comes again by itself

    private final @Nullable ProgressBar bar;
    private final PrintStream out;

    private ProgressLine(@Nullable ProgressBar bar, PrintStream out) {
        this.bar = bar;
        this.out = out;
    }

    /// A bar that begins at 0, or none if standard error is no terminal.
    ///
    /// @param files the number of files to be settled
    /// @param out for the sentences printed during the run
    public static ProgressLine of(long files, PrintStream out) {
        return new ProgressLine(!isTerminal() ? null
                : new ProgressBarBuilder().setTaskName("words").setUnit(" files", 1)
                        .setInitialMax(files).setStyle(ProgressBarStyle.ASCII).build(),
                out);
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

    /// Prints a sentence at once.
    public void say(String sentence) {
        if (bar != null) {
            System.err.print(ERASE);
            System.err.flush();
        }
        out.println(sentence);
        out.flush();
    }

    /// Moves the bar.
    public void showSettled(long files) {
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
