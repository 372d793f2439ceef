package dev.ipcchannel.torture.heap;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Leftovers;
import dev.ipcchannel.torture.Pools;
import dev.ipcchannel.torture.limits.Steps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A walk that repeats each use of the library with each of its allocations failing, and once with
/// none.
public final class HeapWalk {

    static final String FAILED = "allocations that were made to fail, each followed by a clean use";
    static final String RAW = "OutOfMemoryErrors that came as they were";
    static final String PLACES = "allocations in one use of each part";

    private static final int WARM_UPS = 3;
    private static final int WAITERS = 8; // more than a use has at once
    private static final int TRIALS_A_LOOK = 100;
    private static final Duration HANDSHAKE = Duration.ofSeconds(1); // most take a millisecond

    /// A step with a failing allocation.
    ///
    /// @param number of the allocation that fails, from 1
    private record Trial(String step, int number) {}

    private final Findings findings = new Findings();
    private final Map<String, Steps.Step> steps;

    private HeapWalk() {
        ExecutorService others = Executors.newFixedThreadPool(2,
                Thread.ofPlatform().daemon().name("other").factory());
        this.steps = new Steps(others, HANDSHAKE).all();
        steps.put("router", Steps::router);
        leaveOut("call", "its other side is on another thread, which may wait for one that failed");
    }

    private void leaveOut(String step, String why) {
        steps.remove(step);
        findings.leftOut(step, why);
    }

    /// Runs the walk; the arguments are those of [HeapChild].
    ///
    /// @throws Exception that is not a finding
    public static void run(String[] arguments) throws Exception {
        long end = System.nanoTime() + Duration.ofMillis(Long.parseLong(arguments[2])).toNanos();
        HeapWalk walk = new HeapWalk();
        walk.run(new Random(Long.parseLong(arguments[1])), end);
        walk.findings.write(Path.of(arguments[0]));
    }

    private void run(Random random, long end) throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            steps.keySet().forEach(step -> clean(step, "a first use"));
        }
        Pools.fill(WAITERS);
        List<Trial> trials = trials();
        Collections.shuffle(trials, random);
        Leftovers before = Leftovers.now();
        int made = 0;
        for (Trial trial : trials) {
            if (System.nanoTime() > end) {
                break;
            }
            tryOut(trial);
            if (++made % TRIALS_A_LOOK == 0) {
                before = look(before);
            }
        }
        look(before);
    }

    /// A trial for every allocation of every step.
    private List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (String step : steps.keySet()) {
            FaultPoint.arm(Integer.MAX_VALUE);
            clean(step, "a use that is counted");
            int allocations = FaultPoint.disarm();
            findings.count(PLACES, allocations);
            for (int number = 1; number <= allocations; number++) {
                trials.add(new Trial(step, number));
            }
        }
        return trials;
    }

    private void tryOut(Trial trial) {
        System.out.println(trial); // what a hang was in
        FaultPoint.arm(trial.number);
        try {
            use(trial.step);
        } catch (IpcException failure) {
            findings.count(failure.getClass().getSimpleName());
        } catch (OutOfMemoryError failure) {
            findings.count(RAW);
            System.out.println(failure.getStackTrace()[1] + " < " + failure.getStackTrace()[2]);
        } catch (Exception | Error failure) {
            findings.fault(trial + ": not one of ours", failure);
        } finally {
            FaultPoint.disarm();
        }
        if (FaultPoint.hasFailed()) {
            findings.count(FAILED);
            findings.count(trial.step + ": " + FAILED);
        }
        clean(trial.step, "after " + trial);
    }

    private void use(String step) throws Exception {
        Objects.requireNonNull(steps.get(step), step).run();
    }

    private void clean(String step, String when) {
        try {
            use(step);
        } catch (Exception | Error failure) {
            findings.fault("%s, %s: a use failed with nothing short".formatted(when, step),
                    failure);
        }
    }

    /// @return the resources of this moment
    private Leftovers look(Leftovers before) {
        Map<String, Integer> left = Leftovers.awaitNothingBeyond(before);
        if (!left.isEmpty()) {
            findings.fault("left over from allocations that failed: " + left);
            return Leftovers.now(); // said once
        }
        return before;
    }
}
