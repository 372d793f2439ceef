package dev.ipcchannel.benchmarks;

import java.nio.file.Path;
import java.util.List;

/// The limit: two processes of a small C program, compiled now by gcc from `src/main/c`.
final class CacheLine implements Contender {

    /// Its name.
    static final String NAME = "bare cache line, C";

    private final ChildProcess process; // it forks the other

    private CacheLine(ChildProcess process) {
        this.process = process;
    }

    static CacheLine start(Machine machine) throws InterruptedException {
        Path sources = machine.benchmarks().resolve("src/main/c");
        return new CacheLine(CProgram.start(machine, List.of("-std=c11",
                sources.resolve("cacheline.c").toString(), sources.resolve("large.c").toString())));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        return process.slice(shape, millis);
    }

    @Override
    public void close() {
        process.close();
    }
}
