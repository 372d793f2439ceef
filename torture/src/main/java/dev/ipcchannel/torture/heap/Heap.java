package dev.ipcchannel.torture.heap;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The storm that makes single allocations of the library fail, in every use of it.
public final class Heap implements Storm {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public String aim() {
        return "an OutOfMemoryError at any one allocation: no hang, no end that cannot be closed,"
                + " and nothing left over";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        findings.aim(HeapWalk.FAILED);
        findings.aim("ResourceExhausted");
        Path file = Files.createTempFile("findings-", "");
        Files.delete(file);
        Duration time = budget.left();
        try (ChildRole child = ChildRole.of(HeapChild.class, file.toString(),
                Long.toString(budget.seed()), Long.toString(time.toMillis())).start()) {
            int exit = child.awaitExit(time.plus(PATIENCE));
            if (exit == -1) {
                child.printWithStacks();
            }
            if (exit != 0) {
                findings.fault("a child ended with %d (-1: it hung): %s".formatted(exit,
                        child.lastWords()));
            }
            if (Files.exists(file)) {
                findings.read(file);
            }
        }
        Files.deleteIfExists(file);
    }
}
