package dev.ipcchannel.demo.parent;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// A line on standard error with the progress of a stream. It is shown only on a terminal.
final class ProgressLine implements AutoCloseable {

    private static final String BEGIN = "\r\33[K"; // of the line, which is erased
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final boolean isShown = Terminal.is(Terminal.ERROR);
    private String shown = "";
    private long shownNanos;

    /// Shows the line from time to time.
    ///
    /// @param what the name of the things counted
    void show(String what, int done, int all) {
        if (!isShown) {
            return;
        }
        long now = System.nanoTime();
        if (shown.equals(what) && now - shownNanos < PAUSE_NANOS) {
            return;
        }
        shown = what;
        shownNanos = now;
        System.err.print(BEGIN + String.format(Locale.ROOT, "%s: %,d of %,d", what, done, all));
        System.err.flush();
    }

    @Override
    public void close() {
        if (!shown.isEmpty()) {
            System.err.print(BEGIN);
            System.err.flush();
        }
    }
}
