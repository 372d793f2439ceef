package dev.ipcchannel.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The library whose API broadcast channels have: two processes of a small C++ program, compiled
/// now from `src/main/cpp` against the sources that [#HOME] names.
final class Libipc implements Contender {

    /// The variable with the folder of its sources, which are not part of this project.
    static final String HOME = "CPP_IPC_HOME";

    private static final List<String> PROGRAMS = List.of("g++", "cmake");
    private static final String PROGRAM = "libipc";
    private static final Path SHARED = Path.of("/dev/shm");

    private final String name;
    private final String prefix; // of its files in shared memory
    private final ChildProcess process; // it forks the other

    private Libipc(String name, String prefix, ChildProcess process) {
        this.name = name;
        this.prefix = prefix;
        this.process = process;
    }

    /// Why it cannot be measured here; null if it can.
    static @Nullable String lack() {
        String home = System.getenv(HOME);
        if (home == null || home.isEmpty()) {
            return "not measured: " + HOME + " names no folder with its sources";
        }
        if (!Files.isRegularFile(Path.of(home, "include", "libipc", "ipc.h"))) {
            return "not measured: its sources are not there: " + HOME + "=" + home;
        }
        List<String> missing = PROGRAMS.stream().filter(program -> !Machine.isInstalled(program))
                .toList();
        return missing.isEmpty() ? null
                : "not measured: no %s on the PATH".formatted(String.join(", ", missing));
    }

    /// Builds the library and the program.
    ///
    /// @return the folder in which all of it is: [#delete] it
    static Path build(Machine machine) throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("ipc-channel-libipc");
            boolean isBuilt = false;
            try {
                Path home = Path.of(System.getenv(HOME)).toAbsolutePath();
                Path log = folder.resolve("log");
                run(log, "cmake", "-S", home.toString(), "-B", folder.toString(),
                        "-DCMAKE_BUILD_TYPE=Release");
                run(log, "cmake", "--build", folder.toString(), "--target", "ipc", "--parallel",
                        "2");
                Path program = folder.resolve(PROGRAM);
                run(log, "g++", "-std=c++17", "-O2", "-o", program.toString(),
                        machine.benchmarks().resolve("src/main/cpp/libipc.cpp").toString(), "-I",
                        home.resolve("include").toString(), "-L", folder.resolve("lib").toString(),
                        "-lipc", "-lpthread", "-lrt");
                isBuilt = true;
                return folder;
            } finally {
                if (!isBuilt) {
                    delete(folder);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void run(Path log, String... command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile())).start().waitFor();
        if (exit != 0) {
            System.err.print(Files.readString(log));
            throw new BenchFailure(
                    "%s has said why above: exit code=%d: have a version that compiles,"
                            .formatted(command[0], exit) + " or unset " + HOME);
        }
    }

    /// Removes what [#build] has made.
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// @param folder that [#build] has made
    /// @param length of a message, in bytes
    static Libipc start(Machine machine, Path folder, String name, int length)
            throws InterruptedException {
        String prefix = "ipc-channel-bench-%d-%d-".formatted(ProcessHandle.current().pid(), length);
        Libipc started = new Libipc(name, prefix,
                ChildProcess.start(List.of(folder.resolve(PROGRAM).toString(),
                        machine.processor(Role.LEAD), machine.processor(Role.FOLLOW),
                        String.valueOf(length), prefix)));
        try {
            started.process.expect("ready");
            return started;
        } catch (BenchFailure failure) {
            started.close();
            throw failure;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        return process.slice(shape, millis);
    }

    /// Ends it, and removes the files that it leaves.
    @Override
    public void close() {
        process.close();
        try (Stream<Path> files = Files.list(SHARED)) {
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).contains(prefix)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
