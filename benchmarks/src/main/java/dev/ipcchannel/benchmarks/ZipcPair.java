package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Two processes of a small C program, compiled now by gcc from `src/main/c`, that talk by queues
/// of `native/zipc.h`.
final class ZipcPair implements Contender {

    private static final Slice NONE = new Slice(0, 1, 0, 0, 0);
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
        try {
            Path program = compile(machine);
            try {
                ChildProcess process = ChildProcess.start(List.of(program.toString(),
                        machine.processor(Role.LEAD), machine.processor(Role.FOLLOW), queue,
                        waiting));
                process.expect("ready");
                return new ZipcPair(name, queue, process);
            } finally {
                Files.delete(program); // it runs on
            }
        } catch (IOException failure) {
            throw new BenchFailure("the C program could not be compiled: cause="
                    + failure.getMessage() + ": install gcc (packages gcc and libc6-dev, say)");
        }
    }

    private static Path compile(Machine machine) throws IOException, InterruptedException {
        Path program = Files.createTempFile("ipc-channel-zipc", "");
        Path sources = machine.benchmarks().resolve("src/main/c");
        Process compiler = new ProcessBuilder("gcc", "-std=gnu11", "-O2", "-o",
                program.toString(), sources.resolve("zipc.c").toString(), "-I",
                machine.benchmarks().resolve("../native").toString()).inheritIO().start();
        if (compiler.waitFor() != 0) {
            Files.delete(program);
            throw new IOException("gcc has said why above, exit code=" + compiler.exitValue());
        }
        return program;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        process.write(shape.command() + " " + millis);
        Slice slice = Slice.parse(process.expect(""));
        return shape == Shape.ROUND_TRIP ? new Sample(slice, NONE) : new Sample(NONE, slice);
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
