package dev.ipcchannel.torture.carrier;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/// The storm of a process with one carrier for its virtual threads, which uses every method of an
/// end at once. It checks that every thread makes progress: a thread that spins for another's token
/// would stop all.
public final class Carrier implements Storm {

    static final String ROUNDS = "rounds of virtual threads on one carrier, all kinds together";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    // After that a new process starts, which loads its classes again.
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "carrier";
    }

    @Override
    public String aim() {
        return "virtual threads on one carrier: every method and every query of an end works"
                + " beside all others";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        findings.aim(ROUNDS);
        SplittableRandom random = budget.random();
        do {
            Duration left = budget.left();
            run(left.compareTo(LONGEST) > 0 ? LONGEST : left, random.nextLong(), findings);
        } while (budget.isLeft());
    }

    private static void run(Duration time, long seed, Findings findings)
            throws IOException, InterruptedException {
        Path found = Path.of(System.getProperty("java.io.tmpdir"), "carrier-" + seed + ".txt");
        try (ChildRole child = ChildRole.of(CarrierChild.class, Long.toString(time.toMillis()),
                Long.toString(seed), found.toString())
                .flags("-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1")
                .start()) {
            int code = child.awaitExit(time.plus(PATIENCE));
            if (Files.exists(found)) {
                findings.read(found);
            }
            if (code != 0) {
                findings.fault("the process with one carrier ended with " + code
                        + " (-1: not at all): seed=" + seed + ", " + child.lastWords());
            }
        } finally {
            Files.deleteIfExists(found);
        }
    }
}
