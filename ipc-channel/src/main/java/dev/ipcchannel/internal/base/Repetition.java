package dev.ipcchannel.internal.base;

import org.jspecify.annotations.Nullable;

/// The count of one event since it was last logged. It decides whether the event is logged now.
///
/// The first event is. It opens a window, in which further ones are counted; afterwards one line
/// gives their number. Each line opens a window twice as long as the last one, up to a bound. An
/// event counts as a first one again if none has come for the length of that bound after the last
/// window. So there is a line for the first event, and in the long run one for each of the longest
/// windows, whatever the rate.
final class Repetition {

    /// The decision about one event.
    ///
    /// @param line to be logged now, if any
    /// @param isFirstUnreported whether the caller has to ask for the [#summary] when the window is
    /// over
    record Verdict(@Nullable String line, boolean isFirstUnreported) {}

    private static final Verdict COUNTED = new Verdict(null, false);
    private static final Verdict FIRST_COUNTED = new Verdict(null, true);

    private final long firstWindow;
    private final long longestWindow;

    // All guarded by the monitor, which is held for moments.
    private long window; // 0: none was opened yet
    private long windowEnd; // a System.nanoTime
    private long unreported;
    private String lastUnreported = "";

    /// @param firstWindow nanoseconds
    /// @param longestWindow nanoseconds
    Repetition(long firstWindow, long longestWindow) {
        this.firstWindow = firstWindow;
        this.longestWindow = longestWindow;
    }

    /// Notes an event.
    synchronized Verdict note(String detail, long now) {
        boolean isFirst = window == 0 || (unreported == 0 && now - windowEnd >= longestWindow);
        if (isFirst || (unreported == 0 && now - windowEnd >= 0)) {
            open(isFirst ? firstWindow : Math.min(2 * window, longestWindow), now);
            return new Verdict(detail, false);
        }
        unreported++;
        lastUnreported = detail;
        String late = summary(now); // the thread that had to ask for the summary has not come to it
        return late != null ? new Verdict(late, false) : unreported == 1 ? FIRST_COUNTED : COUNTED;
    }

    /// The line for a window that is over by now; null if it is not over, or if it has no events.
    @Nullable
    synchronized String summary(long now) {
        return now - windowEnd < 0 ? null : rest(now);
    }

    /// The same line before the window is over.
    @Nullable
    synchronized String rest(long now) {
        if (unreported == 0) {
            return null;
        }
        String line = "%d more of these, the last one: %s".formatted(unreported, lastUnreported);
        unreported = 0;
        lastUnreported = "";
        open(Math.min(2 * window, longestWindow), now);
        return line;
    }

    /// Nanoseconds until the window is over.
    synchronized long left(long now) {
        return windowEnd - now;
    }

    private void open(long length, long now) {
        window = length;
        windowEnd = now + length;
    }
}
