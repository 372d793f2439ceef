package dev.ipcchannel.torture.limits;

import dev.ipcchannel.internal.wait.Waiter;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// A child that walks while strace makes its system calls fail or interrupts them with signals, one
/// kind after another, with a clean walk after each.
public final class InjectionChild {

    static final String NAME = "strace";
    static final String INJECTIONS = NAME + ": kinds of injection, each followed by a clean walk";

    private InjectionChild() {}

    /// Runs the child; the arguments are the file for its findings, which is kept up to date, the
    /// seed, the number of the first injection, and the time in milliseconds.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]);
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
        int number = Integer.parseInt(arguments[2]);
        long end = System.nanoTime() + Duration.ofMillis(Long.parseLong(arguments[3])).toNanos();
        Findings findings = new Findings();
        Walk walk = Walk.prepare(findings);
        do {
            Injection injection = Injection.choose(number, random);
            System.out.println("injecting " + injection);
            inject(injection, walk, findings);
            number++;
            write(findings, file);
        } while (System.nanoTime() < end);
        System.exit(0);
    }

    private static void inject(Injection injection, Walk walk, Findings findings)
            throws IOException, InterruptedException {
        findings.count(INJECTIONS);
        int hits;
        List<Waiter> pool = injection.call().equals("eventfd2") ? walk.takePool() : List.of();
        try (Strace strace = Strace.attach(injection)) {
            if (injection.isHarmless()) {
                walk.clean(injection.toString());
            } else {
                walk.limited(NAME, NAME + ": " + injection);
            }
            hits = strace.end();
        }
        if (!pool.isEmpty()) {
            walk.giveBack(pool);
        }
        findings.count(NAME + ": calls that were made to fail, or got a signal", hits);
        if (hits > 0) {
            findings.count(NAME + ": hit " + injection.call());
        }
        walk.clean("after " + injection);
        walk.checkNothingLeft("after " + injection);
    }

    private static void write(Findings findings, Path file) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        findings.write(next);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
