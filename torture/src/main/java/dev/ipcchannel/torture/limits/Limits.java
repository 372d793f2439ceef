package dev.ipcchannel.torture.limits;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The storm that takes away the resources of a process, one after another, and makes its system
/// calls fail.
public final class Limits implements Storm {

    private static final Duration PATIENCE = Duration.ofSeconds(80);
    private static final Duration MOST_INJECTION = Duration.ofSeconds(60); // before the rest again
    private static final Duration EVERY_CALL = Duration.ofMinutes(6); // enough to hit every call
    private static final long MEMORY = 192L << 20;
    private static final int CHANNELS = 10_000;
    private static final int SHORT_CHANNELS = 1000;
    private static final int DESCRIPTORS_EACH = 5;
    private static final int DESCRIPTORS_BESIDES = 300;
    // The last words of a JVM that could not get a resource for itself.
    private static final List<String> OWN_ENDS = List.of("insufficient memory for the Java Runtime",
            "Failed to start thread", "unable to create native thread",
            "java.lang.OutOfMemoryError");
    private static final String OWN_END =
            "trials that ended with the JVM, which lacked something itself";

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public String aim() {
        return "no descriptors, memory, mappings, room or rights, and system calls that fail: a"
                + " typed error in a sentence, and nothing left over";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        SplittableRandom random = budget.random();
        int injection = random.nextInt(Injection.kinds());
        descriptors(findings);
        fileSize(findings);
        folder(findings);
        memory(findings);
        manyChannels(budget, findings);
        mappings(budget, findings);
        injection = inject(budget, injection, random, findings);
        while (budget.isLeft() || (budget.isExtended() && findings.isAimMissing())) {
            injection = inject(budget, injection, random, findings);
            if (budget.isLeft()) {
                descriptors(findings);
                fileSize(findings);
                memory(findings);
            }
        }
    }

    private static void descriptors(Findings findings) throws Exception {
        findings.aim(DescriptorsChild.NAME + ": ResourceExhausted");
        if (isMissing("prlimit", DescriptorsChild.NAME, findings)) {
            return;
        }
        run(DescriptorsChild.class, role -> role.under("prlimit", "--nofile=256:256"), findings);
    }

    private static void fileSize(Findings findings) throws Exception {
        findings.aim(FileSizeChild.NAME + ": ResourceExhausted");
        if (!isMissing("prlimit", FileSizeChild.NAME, findings)) {
            run(FileSizeChild.class, UnaryOperator.identity(), findings);
        }
    }

    private static void folder(Findings findings) throws Exception {
        findings.aim(FolderChild.NAME + ": ResourceExhausted");
        if (!ChildRole.canRun("unshare", "-m", "true")) {
            findings.leftOut(FolderChild.NAME,
                    "unshare -m is not allowed here (only root may mount)");
            return;
        }
        Path folder = Files.createTempDirectory("full-");
        run(FolderChild.class, role -> role.under("unshare", "-m", "sh", "-c",
                "mount -t tmpfs -o size=1m,nr_inodes=40 none '%s' && exec \"$@\""
                        .formatted(folder),
                "sh").flags("-Djava.io.tmpdir=" + folder), findings);
        Files.delete(folder);
    }

    private static void memory(Findings findings) throws Exception {
        findings.aim(MemoryChild.NAME + ": ResourceExhausted for a block");
        findings.aim(MemoryChild.NAME + ": ResourceExhausted for a long message");
        try (MemoryCgroup cgroup = MemoryCgroup.create(MEMORY)) {
            run(MemoryChild.class, role -> role.under(cgroup.program()).flags("-Xmx48m"),
                    findings);
        } catch (IOException noRight) {
            findings.leftOut(MemoryChild.NAME, "no memory cgroup can be made: " + noRight);
        }
    }

    private static void manyChannels(Budget budget, Findings findings) throws Exception {
        if (budget.isShort()) {
            findings.leftOut("10,000 channels",
                    "the short form opens %,d".formatted(SHORT_CHANNELS));
            run(ManyChannelsChild.class, UnaryOperator.identity(), findings,
                    Integer.toString(SHORT_CHANNELS));
            return;
        }
        int needed = CHANNELS * DESCRIPTORS_EACH + DESCRIPTORS_BESIDES;
        if (ChildRole.canRun("prlimit", "--nofile=" + needed, "true")) {
            run(ManyChannelsChild.class, role -> role.under("prlimit", "--nofile=" + needed),
                    findings, Integer.toString(CHANNELS));
            return;
        }
        int fewer = (hardLimit() - DESCRIPTORS_BESIDES) / DESCRIPTORS_EACH;
        findings.leftOut("10,000 channels", "they need ulimit -n %d, the limit here is %d: %,d were"
                .formatted(needed, hardLimit(), fewer) + " opened");
        run(ManyChannelsChild.class, UnaryOperator.identity(), findings, // a JVM takes all it may
                Integer.toString(fewer));
    }

    /// The number of descriptors that a process may ask for.
    private static int hardLimit() throws IOException {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            // Max open files   soft   hard   files
            return limits.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split(" +", -1)[4]).mapToInt(Integer::parseInt).findFirst()
                    .orElseThrow();
        }
    }

    private static void mappings(Budget budget, Findings findings) throws Exception {
        if (budget.isShort()) {
            findings.leftOut(MappingsChild.NAME,
                    "65,000 mappings take too long for the short form");
            return;
        }
        findings.aim(MappingsChild.NAME + ": ResourceExhausted for a block");
        findings.aim(MappingsChild.NAME + ": ResourceExhausted for a ring");
        run(MappingsChild.class, role -> role.flags(MappingsChild.FLAGS), findings);
    }

    /// @return the next kind of injection
    private static int inject(Budget budget, int first, SplittableRandom random,
            Findings findings) throws Exception {
        if (isMissing("strace", InjectionChild.NAME, findings)) {
            return first;
        }
        if (budget.time().compareTo(EVERY_CALL) > 0) {
            Injection.calls().forEach(call -> findings
                    .aim(InjectionChild.NAME + ": hit " + call));
        }
        findings.aim(InjectionChild.NAME + ": calls that were made to fail, or got a signal");
        long before = findings.counted(InjectionChild.INJECTIONS);
        Duration time = budget.left();
        if (!budget.isShort() && time.compareTo(MOST_INJECTION) > 0) {
            time = MOST_INJECTION;
        }
        run(InjectionChild.class, UnaryOperator.identity(), findings,
                Long.toString(random.nextLong()), Integer.toString(first),
                Long.toString(time.toMillis()));
        long made = findings.counted(InjectionChild.INJECTIONS) - before;
        return (int) ((first + made + 1) % Injection.kinds()); // also past one that ended the JVM
    }

    /// Runs a child to its end and adds its findings.
    private static void run(Class<?> main, UnaryOperator<ChildRole.Command> change,
            Findings findings, String... arguments) throws Exception {
        Path file = Files.createTempFile("findings-", "");
        Files.delete(file);
        String[] all = Stream.concat(Stream.of(file.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        try (ChildRole child = change.apply(ChildRole.of(main, all)).start()) {
            int exit = child.awaitExit(PATIENCE.plus(time(main, arguments)));
            if (exit == -1) {
                child.printWithStacks();
            }
            String words = child.lastWords();
            if (exit != 0 && OWN_ENDS.stream().anyMatch(words::contains)) {
                findings.count(OWN_END);
            } else if (exit != 0) {
                findings.fault("%s ended with %d: %s".formatted(main.getSimpleName(), exit,
                        words));
            }
            if (Files.exists(file)) {
                findings.read(file);
            } else if (exit == 0) {
                findings.fault(main.getSimpleName() + " has written no findings: " + words);
            }
        }
        Files.deleteIfExists(file);
    }

    /// The time given to the child.
    private static Duration time(Class<?> main, String... arguments) {
        return main == InjectionChild.class ? Duration.ofMillis(Long.parseLong(arguments[2]))
                : Duration.ZERO;
    }

    private static boolean isMissing(String program, String part, Findings findings)
            throws InterruptedException {
        if (ChildRole.canRun(program, "-V")) {
            return false;
        }
        findings.leftOut(part, "there is no %s on the PATH".formatted(program));
        return true;
    }
}
