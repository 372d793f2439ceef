package dev.ipcchannel.cluster;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The lines in which a node says what it does. All have the same words in the same order, for the
/// eye and for `grep`; a time is not among them, since what collects them adds one. One thread uses
/// it.
///
/// ```text
/// words node jobs3-4711-1f2e: 3/4 hands busy, 1203 done (+240), 2 failed (+1), 0 cancelled,
/// 1 given back (+1), 0 quarantined, 0 ends kept, connected
/// ```
///
/// A number in parentheses is the difference to the line before.
final class StatusLines {

    /// A node of which nothing has changed says so once a minute.
    static final Duration SILENCE = Duration.ofMinutes(1);

    private final String name; // before the colon
    private NodeStats last = new NodeStats(0, 0, 0, 0, 0, 0, 0, 0, false, false);
    private long lastNanos;

    StatusLines(String set, String node) {
        this.name = "%s node %s".formatted(set, node);
    }

    /// The line for a moment.
    ///
    /// @param nanos of that moment, as [System#nanoTime] has it
    /// @return null if nothing has changed since the last line, and that was less than [#SILENCE]
    /// before
    @Nullable
    String next(NodeStats now, long nanos) {
        return now.equals(last) && nanos - lastNanos < SILENCE.toNanos() ? null : line(now, nanos);
    }

    /// The line for a moment, whatever the last one was.
    String line(NodeStats now, long nanos) {
        String line = String.format(Locale.ROOT,
                "%s: %d/%d hands busy, %s, %s, %s, %s, %s, %d ends kept, %s", name, now.busy(),
                now.hands(), count(now.done(), last.done(), "done"),
                count(now.failed(), last.failed(), "failed"),
                count(now.cancelled(), last.cancelled(), "cancelled"),
                count(now.givenBack(), last.givenBack(), "given back"),
                count(now.quarantined(), last.quarantined(), "quarantined"), now.kept(),
                state(now));
        last = now;
        lastNanos = nanos;
        return line;
    }

    private static String count(long now, long before, String what) {
        return now == before ? "%d %s".formatted(now, what)
                : "%d %s (+%d)".formatted(now, what, now - before);
    }

    private static String state(NodeStats now) {
        return (now.isConnected() ? "connected" : "NO CONNECTION")
                + (now.isDraining() ? ", draining" : "");
    }
}
