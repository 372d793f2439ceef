package dev.ipcchannel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Two processes of a small C program, compiled now by gcc from `src/main/c`, that talk by queues
/// of `native/zipc.h`.
final class ZipcPair implements Contender {

    private static final Path SHARED = Path.of("/dev/shm");

    private final String name;
    private final String queue; // the way back has one letter more
    private final ChildProcess process; // it forks the other

    private ZipcPair(String name, String queue, ChildProcess process) {
        this.name = name;
        this.queue = queue;
        this.process = process;
    }

    /// @param waiting `spin` or `sleep`
    static ZipcPair start(Machine machine, String name, String waiting)
            throws InterruptedException {
        String queue = "/ipc-bench-%d-%s".formatted(ProcessHandle.current().pid(), waiting);
        List<String> gcc = List.of("-std=gnu11",
                machine.benchmarks().resolve("src/main/c/zipc.c").toString(), "-I",
                machine.benchmarks().resolve("../native").toString());
        return new ZipcPair(name, queue, CProgram.start(machine, gcc, queue, waiting));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        return process.slice(shape, millis);
    }

    /// Ends it, and removes the queues where it could not.
    @Override
    public void close() {
        process.close();
        for (String file : List.of(queue, queue + "b")) {
            try {
                boolean _ = Files.deleteIfExists(SHARED.resolve(file.substring(1)));
            } catch (IOException failure) {
                throw new BenchFailure("a queue cannot be removed: cause=" + failure);
            }
        }
    }
}
