package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// The rule for replacing workers that ended unexpectedly: the first at once, the next after longer
/// and longer delays while no job succeeds in between, and none once there were too many in too
/// short a time. A worker that is replaced by plan, after an error that it has survived, does not
/// count among these: such replacements have a rate of their own. Used inside the set's lock.
public final class Restarts {

    private static final long FIRST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FREE_TRIES = 2;
    private static final long REPLACEMENT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_DOUBLINGS = 5;

    private final int limit;
    private final long intervalNanos;
    private final ArrayDeque<Long> moments = new ArrayDeque<>(); // of those within the interval
    private int failures; // since the last success
    private final ArrayDeque<Long> replacements = new ArrayDeque<>(); // when they start: the last
    private int replacedInARow; // since the last success
    private long count;

    public Restarts(int limit, Duration interval) {
        this.limit = limit;
        this.intervalNanos = TimeUnit.NANOSECONDS.convert(interval);
    }

    /// Notes that a worker has ended, or could not be started.
    ///
    /// @param now a [System#nanoTime]
    /// @return false if there were too many in too short a time
    public boolean note(long now) {
        count++;
        failures++;
        while (!moments.isEmpty() && now - moments.getFirst() > intervalNanos) {
            moments.removeFirst();
        }
        moments.addLast(now);
        return moments.size() <= limit;
    }

    /// How long to wait before the next start.
    public long delayNanos() {
        int waits = failures - FREE_TRIES;
        return waits < 0 ? 0
                : Math.min(LONGEST_DELAY_NANOS, FIRST_DELAY_NANOS << Math.min(waits, 8));
    }

    /// Notes the replacement of a worker that has survived an error: at most `workers` of these a
    /// second, and fewer and fewer while no job succeeds in between.
    public void noteReplaced(long now, int workers) {
        int each = Math.max(1, workers);
        while (replacements.size() > each) {
            replacements.removeFirst();
        }
        int doublings = Math.clamp(replacedInARow / each - 1, 0, MAX_DOUBLINGS);
        long wait = replacements.size() < each ? 0
                : replacements.removeFirst() + (REPLACEMENT_NANOS << doublings) - now;
        replacements.addLast(now + Math.max(0, wait));
        replacedInARow++;
    }

    /// How long to wait before the next start because of these replacements.
    public long replacementDelayNanos(long now) {
        return replacements.isEmpty() ? 0 : Math.max(0, replacements.getLast() - now);
    }

    /// Whether a worker was replaced after an error and none has done a job since: the next ones
    /// may have to wait.
    public boolean isSlowedDown() {
        return replacedInARow > 0;
    }

    /// Notes that a job was done: the next delays start small again.
    public void succeeded() {
        failures = 0;
        replacedInARow = 0;
    }

    /// Forgets all failures and replacements.
    public void reset() {
        failures = 0;
        moments.clear();
        replacements.clear();
        replacedInARow = 0;
    }

    public long count() {
        return count;
    }

    public String describe() {
        return "restarts=%d within %s, limit=%d".formatted(moments.size(),
                ShownTime.of(Duration.ofNanos(intervalNanos)), limit);
    }
}
