package dev.ipcchannel.torture.limits;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.wait.Waiter;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Leftovers;
import dev.ipcchannel.torture.Pools;
import dev.ipcchannel.torture.limits.Steps.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A walk through every [Steps step] once, under some limit: each step succeeds in time, or fails
/// in time with a typed error that is a sentence; and the walk leaves nothing.
final class Walk {

    private static final int THREADS = 2;
    private static final int WAITERS = 8; // more than a walk has at once
    private static final int WARM_UPS = 3;
    private static final int SHORTEST_SENTENCE = 20;
    private static final int LONGEST_SENTENCE = 1000;

    private final Findings findings;
    private final Map<String, Step> steps;
    private Leftovers before;
    private int pooled = WAITERS; // at most so many waiters are in the library's pool

    private Walk(Findings findings) throws IOException {
        ExecutorService others = Executors.newFixedThreadPool(THREADS,
                Thread.ofPlatform().daemon().name("other").factory());
        this.findings = findings;
        this.steps = new Steps(others).all();
        for (int i = 0; i < WARM_UPS; i++) { // loads what a step needs, which may not be had later
            clean("a first walk");
        }
        Pools.fill(WAITERS);
        this.before = Leftovers.now();
    }

    /// Makes the walks of this process.
    static Walk prepare(Findings findings) throws IOException {
        return new Walk(findings);
    }

    /// Walks where errors are to be expected.
    ///
    /// @param limit the name of the scarce resource, for counts
    /// @param where details for faults
    /// @return the number of steps that failed, as they may
    int limited(String limit, String where) {
        findings.count(limit + ": walks");
        int failed = 0;
        for (Map.Entry<String, Step> step : steps.entrySet()) {
            IpcException failure = take(where, step.getKey(), step.getValue());
            if (failure != null) {
                failed++;
                check(where + ", " + step.getKey(), failure);
                findings.count("%s: %s".formatted(limit, failure.getClass().getSimpleName()));
            }
        }
        return failed;
    }

    /// Walks where no resource is scarce: no step may fail.
    void clean(String when) {
        for (Map.Entry<String, Step> step : steps.entrySet()) {
            IpcException failure = take(when, step.getKey(), step.getValue());
            if (failure != null) {
                findings.fault("%s, %s: a step failed with nothing short".formatted(when,
                        step.getKey()), failure);
            }
        }
    }

    /// Takes the library's waiters out of their pool, so that the next waits need new ones.
    List<Waiter> takePool() {
        return Stream.generate(Waiter::borrow).limit(pooled).toList();
    }

    /// Gives the waiters back to the pool, which keeps those made meanwhile too.
    void giveBack(List<Waiter> waiters) {
        waiters.forEach(Waiter::giveBack);
        pooled += WAITERS;
        before = Leftovers.now();
    }

    /// Checks that nothing is left of all walks so far.
    void checkNothingLeft(String when) {
        Map<String, Integer> left = Leftovers.awaitNothingBeyond(before);
        if (!left.isEmpty()) {
            findings.fault("%s: left over: %s".formatted(when, left));
            before = Leftovers.now(); // said once
        }
    }

    private @Nullable IpcException take(String when, String name,
            Step step) {
        long start = System.nanoTime();
        try {
            step.run();
            return null;
        } catch (IpcException failure) {
            return failure;
        } catch (Exception | Error failure) {
            findings.fault("%s, %s: not one of ours".formatted(when, name), failure);
            return null;
        } finally {
            findings.noteCall(name, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void check(String where, IpcException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.length() < SHORTEST_SENTENCE || message.length() > LONGEST_SENTENCE
                || message.lines().count() != 1) {
            findings.fault(where + ": the message is not a sentence: " + failure, failure);
        }
        // A server that had to refuse a client for lack of a resource continues to wait; its
        // message contains this.
        if (failure instanceof TimedOut && !message.contains("turned away=")) {
            findings.fault(where + ": a wait that nothing ended", failure);
        }
    }
}
