package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/// The rule of when a worker that was not meant to end may be replaced: the first at once, the next
/// later and later while nothing succeeds in between, and not any more when there were too many in
/// too short a time. One that is replaced by plan, after an error, does not count there, and has a
/// rate of its own. Used inside the set's lock.
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

    /// A worker has ended, or could not be started.
    ///
    /// @param now as System.nanoTime has it
    /// @return false if that was once too often
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

    /// A worker is replaced that has outlived an error: each of the workers no more than once a
    /// second, and more and more seldom while nothing succeeds in between.
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

    /// How long to wait before the next start because of those.
    public long replacementDelayNanos(long now) {
        return replacements.isEmpty() ? 0 : Math.max(0, replacements.getLast() - now);
    }

    /// Whether a worker was replaced after an error and none has done a job since: the next ones
    /// may have to wait.
    public boolean isSlowedDown() {
        return replacedInARow > 0;
    }

    /// A job was done: what failed before has nothing to do with what comes.
    public void succeeded() {
        failures = 0;
        replacedInARow = 0;
    }

    /// All is forgiven.
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
