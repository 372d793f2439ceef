package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The limit: two processes of a small C program, compiled now by gcc from `src/main/c`.
final class CacheLine implements Contender {

    /// Its name.
    static final String NAME = "bare cache line, C";

    private static final Slice NONE = new Slice(0, 1, 0, 0, 0);

    private final ChildProcess process; // it forks the other

    private CacheLine(ChildProcess process) {
        this.process = process;
    }

    static CacheLine start(Machine machine) throws InterruptedException {
        try {
            Path program = compile(machine.benchmarks().resolve("src/main/c"));
            try {
                ChildProcess process = ChildProcess.start(List.of(program.toString(),
                        machine.processor(Role.LEAD), machine.processor(Role.FOLLOW)));
                process.expect("ready");
                return new CacheLine(process);
            } finally {
                Files.delete(program); // it runs on
            }
        } catch (IOException failure) {
            throw new BenchFailure("the C program could not be compiled: cause="
                    + failure.getMessage() + ": install gcc (packages gcc and libc6-dev, say)");
        }
    }

    private static Path compile(Path sources) throws IOException, InterruptedException {
        Path program = programFile();
        Process compiler = new ProcessBuilder("gcc", "-std=c11", "-O2", "-o", program.toString(),
                sources.resolve("cacheline.c").toString(), sources.resolve("large.c").toString())
                .inheritIO().start();
        if (compiler.waitFor() != 0) {
            Files.delete(program);
            throw new IOException("gcc has said why above, exit code=" + compiler.exitValue());
        }
        return program;
    }

    private static Path programFile() {
        try {
            return Files.createTempFile("ipc-channel-cacheline", "");
        } catch (IOException failure) {
            throw new BenchFailure("no file for the C program can be made: folder="
                    + System.getProperty("java.io.tmpdir") + ", cause=" + failure
                    + ": name one that you may write to,"
                    + " by JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        process.write(shape.command() + " " + millis);
        Slice slice = Slice.parse(process.expect(""));
        return shape == Shape.ROUND_TRIP ? new Sample(slice, NONE) : new Sample(NONE, slice);
    }

    @Override
    public void close() {
        process.close();
    }
}
