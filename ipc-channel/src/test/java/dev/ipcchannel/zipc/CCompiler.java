package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A compiler for programs that use `native/zipc.h`, with its flags. Each warning is an error.
record CCompiler(String command, List<String> flags) {

    /// The folder of the header.
    static final Path HEADERS = Path.of("..", "native");
    /// The folder of the programs for tests only.
    static final Path SOURCES = Path.of("src", "test", "c");

    private static final String C = "-std=gnu11";
    private static final String CPP = "-std=c++17";

    static CCompiler gcc() {
        return of("gcc", C);
    }

    /// @param command such as `gcc` or `clang++`
    static CCompiler of(String command) {
        return of(command, command.endsWith("++") ? CPP : C);
    }

    /// The compiler of programs for AArch64, which need only an emulator.
    static CCompiler aarch64() {
        return of("aarch64-linux-gnu-gcc", C).with("-static");
    }

    private static CCompiler of(String command, String standard) {
        assumeInstalled(command);
        return new CCompiler(command,
                List.of(standard, "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic",
                        "-pthread"));
    }

    /// Skips the test, with a sentence, if a program is not on the path.
    static void assumeInstalled(String program) {
        assumeTrue(isInstalled(program),
                () -> program + " is not installed (Debian package " + packageOf(program) + ")");
    }

    static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String packageOf(String program) {
        return switch (program) {
            case "aarch64-linux-gnu-gcc" -> "gcc-aarch64-linux-gnu, with libc6-dev-arm64-cross";
            case "qemu-aarch64" -> "qemu-user";
            case "setarch" -> "util-linux";
            default -> program;
        };
    }

    /// The same, with further flags.
    CCompiler with(String... more) {
        return new CCompiler(command, Stream.concat(flags.stream(), Arrays.stream(more)).toList());
    }

    /// With sanitizers: a report of each invalid memory access and of each undefined behaviour.
    CCompiler sanitized() {
        return with("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");
    }

    /// Makes a program of one source file.
    Path compile(Path source, Path program) throws Exception {
        NativeProgram compiler = start(source, program);
        try (compiler) {
            compiler.expectExit(0);
        }
        assertThat(compiler.errors()).as("warnings").isEmpty();
        return program;
    }

    /// Starts the compiler alone, for a source file that it may refuse.
    NativeProgram start(Path source, Path program) throws Exception {
        List<String> more =
                List.of("-I", HEADERS.toString(), "-o", program.toString(), source.toString());
        return NativeProgram
                .start(Stream.of(List.of(command), flags, more).flatMap(List::stream).toList());
    }

    /// Makes a program of a text.
    Path compile(String text, Path program) throws Exception {
        String ending = flags.contains(CPP) ? ".cpp" : ".c";
        return compile(Files.writeString(Path.of(program + ending), text), program);
    }
}
