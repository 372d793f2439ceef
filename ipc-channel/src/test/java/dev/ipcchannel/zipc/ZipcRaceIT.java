package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two C threads at the ends of one queue under ThreadSanitizer, which finds no race; in a copy of
/// the header whose stores do not release, it finds one.
///
/// Both ends use one mapping, since ThreadSanitizer identifies bytes by their addresses.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcRaceIT {

    private static final String HEADER = "zipc.h";
    private static final String ENOUGH = "20000"; // messages, at least one of which meets a race
    private static final int COMPLAINED = 66; // its exit code
    private static final String UNKNOWN_PLACES = "unexpected memory mapping";

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"-DTHIS_IS_THE_DEFAULT", "-DZIPC_CLASSIC"})
    void noRaceIsFound(String dialect) throws Exception {
        try (NativeProgram program = start(compile(CCompiler.gcc().with(dialect)), ENOUGH)) {
            assertThat(program.expectExit(0)).isEqualTo("ok");
            assertThat(program.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"__atomic_store_n(&queue->tail, next,",
        "__atomic_store_n(&queue->head, zipc_inner_after(receiver, head),"})
    void raceIsFoundWhereAStoreDoesNotRelease(String store) throws Exception {
        String header = Files.readString(CCompiler.HEADERS.resolve(HEADER));
        assertThat(header).containsOnlyOnce(store + " __ATOMIC_RELEASE)");
        Files.writeString(folder.resolve(HEADER),
                header.replace(store + " __ATOMIC_RELEASE)", store + " __ATOMIC_RELAXED)"));
        Path racy = compile(CCompiler.gcc().with("-I", folder.toString()));

        try (NativeProgram program = start(racy, ENOUGH)) {
            program.expectExit(COMPLAINED);
            assertThat(program.errors()).anySatisfy(line -> assertThat(line).contains("data race"));
        }
    }

    private Path compile(CCompiler compiler) throws Exception {
        return compiler.with("-g", "-O1", "-fsanitize=thread")
                .compile(CCompiler.SOURCES.resolve("zipc_peer.c"), folder.resolve("program"));
    }

    /// On some kernels it runs only without address randomization, if at all.
    private static NativeProgram start(Path program, String messages) throws Exception {
        for (List<String> way : List.of(List.<String>of(), List.of("setarch", "-R"))) {
            if (!way.isEmpty()) {
                CCompiler.assumeInstalled("setarch");
            }
            try (NativeProgram trial = threads(way, program, "0")) {
                if (trial.exitCode() == 0) {
                    return threads(way, program, messages);
                }
                assertThat(String.join("\n", trial.errors()))
                        .containsAnyOf(UNKNOWN_PLACES, "setarch");
            }
        }
        return abort(
                "ThreadSanitizer cannot run on this kernel, whose addresses are too random for it:"
                        + " sysctl vm.mmap_rnd_bits=28");
    }

    private static NativeProgram threads(List<String> way, Path program, String messages)
            throws Exception {
        List<String> words = new ArrayList<>(way);
        words.addAll(List.of(program.toString(), "threads", "/threads", "8", "512", messages));
        return NativeProgram.start(Map.of("TSAN_OPTIONS", "halt_on_error=1"), words);
    }
}
