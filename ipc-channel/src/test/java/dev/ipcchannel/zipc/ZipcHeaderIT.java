package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// C programs that check the promises of `native/zipc.h`: each form of it compiles without a
/// warning, also under sanitizers and for an emulated AArch64.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcHeaderIT {

    private static final String CURRENT = "-DTHIS_IS_THE_DEFAULT";
    private static final String CLASSIC = "-DZIPC_CLASSIC";
    private static final String STRICT = "-DZIPC_STRICT";
    private static final Path QUEUE = CCompiler.SOURCES.resolve("zipc_queue.c");
    private static final Path FILE = CCompiler.SOURCES.resolve("zipc_file.c");
    private static final Path PEER = CCompiler.SOURCES.resolve("zipc_peer.c");

    @TempDir
    Path folder = Path.of("");

    private Path program() {
        return folder.resolve("program");
    }

    /// An emulator does not fault on an unaligned access, as a processor may.
    @Test
    void unalignedFlagIsReadAndWrittenByBytesAlone() throws Exception {
        Path expanded =
                CCompiler.gcc().with("-E", "-P", CLASSIC).compile("#include \"zipc.h\"\n",
                        program());
        List<String> uses = Files.readAllLines(expanded).stream()
                .filter(line -> line.contains("init_flag")).map(String::strip).toList();
        assertThat(uses).hasSize(4).contains("int32_t *init_flag;")
                .anySatisfy(line -> assertThat(line).startsWith("context.init_flag = (int32_t *)"));
        assertThat(uses).filteredOn(line -> line.contains("__atomic_")).hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("uint8_t *)context->init_flag + i,"));
    }

    /// Without clang, the other two compilers are enough.
    static Stream<String> compilers() {
        return Stream.concat(Stream.of("gcc", "g++"),
                Stream.of("clang", "clang++").filter(CCompiler::isInstalled));
    }

    @ParameterizedTest
    @MethodSource("compilers")
    void headerCompilesWithoutAWarningInEachOfItsForms(String command) throws Exception {
        CCompiler compiler = CCompiler.of(command).with("-c", "-Wshadow", "-Wconversion");
        for (String form : List.of(CURRENT, CLASSIC, STRICT, "-DZIPC_EXTERN",
                "-DZIPC_IMPLEMENTATION")) {
            compiler.with(form).compile("#include \"zipc.h\"\n", program());
        }
    }

    @Test
    void headerHasNoCastThatDoesNothing() throws Exception { // a warning that only g++ has
        CCompiler.of("g++").with("-c", "-Wuseless-cast")
                .compile("#include \"zipc.h\"\n", program());
    }

    @Test
    void programOfTheReadmeCompiles() throws Exception {
        String page = Files.readString(CCompiler.HEADERS.resolve("README.md"));
        int start = page.indexOf("```c\n") + 5;
        String program = page.substring(start, page.indexOf("```", start));
        for (String command : List.of("gcc", "g++")) {
            CCompiler.of(command).compile(program, program());
        }
    }

    @ParameterizedTest
    @CsvSource({"gcc, -std=gnu89, zipc.h needs C11 at least: use -std=gnu11",
        "gcc, -std=gnu99, zipc.h needs C11 at least: use -std=gnu11",
        "g++, -std=c++98, zipc.h needs C++11 at least: use -std=c++11"})
    void olderStandardIsRefusedInOneSentence(String command, String standard, String sentence)
            throws Exception {
        Path source = Files.writeString(
                folder.resolve(command.equals("gcc") ? "old.c" : "old.cpp"),
                "#include \"zipc.h\"\nint more;\n");
        try (NativeProgram compiler =
                CCompiler.of(command).with(standard, "-c").start(source, program())) {
            compiler.expectExit(1);
            assertOnlyError(compiler, sentence);
        }
    }

    private static void assertOnlyError(NativeProgram compiler, String sentence) {
        assertThat(compiler.errors()).filteredOn(line -> line.contains("error:"))
                .singleElement().asString().contains("#error").contains(sentence);
    }

    @ParameterizedTest
    @CsvSource({"gcc, -std=gnu17", "g++, -std=c++11", "g++, -std=c++20"})
    void otherStandardsCompileWithoutAWarning(String command, String standard) throws Exception {
        CCompiler.of(command).with(standard, "-c", "-Wshadow", "-Wconversion")
                .compile("#include \"zipc.h\"\n", program());
    }

    @Test
    void standardThatHidesSystemCallsIsRefusedInOneSentence() throws Exception {
        Path source = Files.writeString(folder.resolve("strict.c"),
                "#include \"zipc.h\"\nint more;\n");
        try (NativeProgram compiler =
                CCompiler.gcc().with("-std=c11", "-c").start(source, program())) {
            compiler.expectExit(1);
            assertOnlyError(compiler, "use -std=gnu11, or -D_GNU_SOURCE");
        }
        CCompiler.gcc().with("-std=c11", "-D_GNU_SOURCE", "-c").compile(source, program());
    }

    @ParameterizedTest
    @ValueSource(strings = {CURRENT, CLASSIC, STRICT})
    void queueDoesWhatTheHeaderSays(String form) throws Exception {
        assertThat(
                NativeProgram.run(CCompiler.gcc().sanitized().with(form).compile(QUEUE, program())))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {CURRENT, CLASSIC})
    void fileIsWhatTheHeaderSays(String form) throws Exception {
        try (OwnQueue queue = OwnQueue.make()) {
            Path checks = CCompiler.gcc().sanitized().with(form).compile(FILE, program());

            assertThat(NativeProgram.run(checks, queue.name())).isEqualTo("ok");
            assertThat(queue.file()).doesNotExist();
        }
    }

    /// With 2 slots one message fits; with 3 of 5 bytes the dialects differ.
    @ParameterizedTest
    @CsvSource({CURRENT + ", 64, 1024", CURRENT + ", 2, 100", CURRENT + ", 3, 5",
        CLASSIC + ", 3, 5"})
    void twoProcessesExchangeMessagesWhicheverStartsFirst(String form, int slots, int bytes)
            throws Exception {
        Path peer = CCompiler.gcc().with(form).compile(PEER, program());
        for (List<String> order : List.of(List.of("send", "receive"), List.of("receive", "send"))) {
            try (OwnQueue queue = OwnQueue.make();
                    NativeProgram first =
                            NativeProgram.start(peer, order.getFirst(), queue.name(), slots,
                                    bytes, 5000)) {
                assertThat(first.readLine()).isEqualTo("open");
                assertThat(
                        NativeProgram.run(peer, order.getLast(), queue.name(), slots, bytes, 5000))
                        .isEqualTo("open\nok");
                first.expectExit(0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({CURRENT + ", 8, 1536", CLASSIC + ", 3, 5"})
    void messageOfAKilledSenderIsThereOrNot(String form, int slots, int bytes) throws Exception {
        Path peer = CCompiler.gcc().with(form).compile(PEER, program());
        try (OwnQueue queue = OwnQueue.make()) {
            assertThat(NativeProgram.run(peer, "kills", queue.name(), slots, bytes, 200))
                    .isEqualTo("open\nok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CURRENT, CLASSIC})
    void garbageWrittenMeanwhileHarmsNoReceiver(String form) throws Exception {
        Path peer = CCompiler.gcc().sanitized().with(form).compile(PEER, program());
        try (OwnQueue queue = OwnQueue.make();
                NativeProgram hostile =
                        NativeProgram.start(peer, "garbage", queue.name(), 7, 13, 1)) {
            assertThat(hostile.readLine()).isEqualTo("open");
            assertThat(NativeProgram.run(peer, "survive", queue.name(), 7, 13, 1000))
                    .endsWith("ok");
            hostile.kill();
        }
    }

    @Test
    void staticLibraryIsFoundByPkgConfig() throws Exception {
        CCompiler.assumeInstalled("pkg-config");
        Path prefix = folder.resolve("prefix");
        NativeProgram.run(CCompiler.HEADERS.resolve("install"), prefix);
        String flags;
        try (NativeProgram asked = NativeProgram.start(
                Map.of("PKG_CONFIG_PATH", prefix.resolve("lib/pkgconfig").toString()),
                List.of("pkg-config", "--cflags", "--libs", "zipc"))) {
            flags = asked.expectExit(0).strip();
        }
        Path source = Files.writeString(folder.resolve("user.c"), """
                #include <zipc.h>
                int main(void) {
                    return zipc_shared_memory_size(8, 1536) == 12484 ? 0 : 1;
                }
                """);

        NativeProgram.run(Stream.concat(Stream.of("gcc", source, "-o", program()),
                Stream.of(flags.split(" ", -1))).toArray());
        assertThat(NativeProgram.run(program())).isEmpty();
        assertThat(NativeProgram.run("nm", program())).contains("T zipc_shared_memory_size");
    }

    @ParameterizedTest
    @ValueSource(strings = {CURRENT, CLASSIC})
    void queueDoesTheSameOnAarch64(String form) throws Exception {
        CCompiler.assumeInstalled("qemu-aarch64");
        CCompiler compiler = CCompiler.aarch64().with(form);
        Path queue = compiler.compile(QUEUE, folder.resolve("queue"));
        Path peer = compiler.compile(PEER, folder.resolve("peer"));

        assertThat(NativeProgram.run("qemu-aarch64", queue)).isEqualTo("ok");
        assertThat(NativeProgram.run("qemu-aarch64", peer, "threads", "/threads", 3, 5, 20_000))
                .isEqualTo("ok");
    }
}
