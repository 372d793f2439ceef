package dev.ipcchannel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A small C program of `src/main/c`, compiled now by gcc, that forks the other one of a pair.
final class CProgram {

    private CProgram() {}

    /// Compiles it and starts it once, on the two processors of the machine.
    ///
    /// @param gcc options and sources
    /// @param arguments of the program, after the numbers of the processors
    static ChildProcess start(Machine machine, List<String> gcc, String... arguments)
            throws InterruptedException {
        try {
            Path program = programFile();
            try {
                compile(program, gcc);
                List<String> command = new ArrayList<>(List.of(program.toString(),
                        machine.processor(Role.LEAD), machine.processor(Role.FOLLOW)));
                command.addAll(List.of(arguments));
                return ChildProcess.start(command).ready();
            } finally {
                Files.delete(program); // it runs on
            }
        } catch (IOException failure) {
            throw new BenchFailure("the C program could not be compiled: cause="
                    + failure.getMessage() + ": install gcc (packages gcc and libc6-dev, say)");
        }
    }

    private static void compile(Path program, List<String> gcc)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-o", program.toString()));
        command.addAll(gcc);
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("gcc has said why above, exit code=" + exit);
        }
    }

    private static Path programFile() {
        try {
            return Files.createTempFile("ipc-channel-program", "");
        } catch (IOException failure) {
            throw new BenchFailure("no file for the C program can be made: folder="
                    + System.getProperty("java.io.tmpdir") + ", cause=" + failure
                    + ": name one that you may write to,"
                    + " by JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
        }
    }
}
