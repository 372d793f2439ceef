package dev.ipcchannel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command line of the measurements, as far as nothing is measured.
@Timeout(120)
class BenchIT {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            quick types | one section is needed, and nothing else: given=[quick, types]: \
            see scripts/bench --help
            quick --round 3 | there is no option --round: see scripts/bench --help
            quick --rounds | --rounds needs its N: see scripts/bench --help
            quick --rounds 0 | --rounds must be a whole number from 1 to 10000: rounds=0
            quick -r 1 -r 2 | --rounds is given more than once: values=[1, 2]: pass one
            quick -s 600001 | --slice must be a whole number from 1 to 600000: slice=600001
            quick -w soon | --warm-up must be a whole number from 1 to 600000: warm-up=soon
            quick -n 99999999999999 | --count must be a whole number from 1 to 10000000: \
            count=99999999999999
            quick -c 2048 | --capacity must be a whole number from 4096 to 1073741824: capacity=2048
            quick -c 5000 | --capacity must be a power of two from 4096 to 1073741824: capacity=5000
            """)
    void wrongUsageIsOneSentenceOfTheScriptAndOfTheProgram(String arguments, String sentence)
            throws Exception {
        List<String> script = new ArrayList<>(List.of("../scripts/bench"));
        script.addAll(Arrays.asList(arguments.split(" ", -1)));

        Result program = run(Redirect.DISCARD, arguments.split(" ", -1));

        assertThat(program).isEqualTo(new Result(2, "bench: " + sentence + "\n"));
        assertThat(result(new ProcessBuilder(script))).isEqualTo(program);
    }

    /// The script refuses the name of a section that there is not, before it builds anything.
    @Test
    void scriptKnowsAllSections() throws Exception {
        Result script = result(new ProcessBuilder("../scripts/bench", "nosuch"));
        Result program = run(Redirect.DISCARD, "nosuch");

        assertThat(script.err()).isEqualTo(program.err()).isEqualTo(
                "bench: there is no section nosuch: the sections are "
                        + Arrays.stream(Section.values()).map(Section::word)
                                .collect(Collectors.joining(", "))
                        + "\n");
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void outputThatCannotBeWrittenIsAnError() throws Exception {
        Result list = run(Redirect.to(new File("/dev/full")), "--help");

        assertThat(list.err()).isEqualTo(
                "bench: standard output cannot be written: see that its device has room\n");
        assertThat(list.exitCode()).isEqualTo(3);
    }

    private record Result(int exitCode, String err) {}

    private static Result run(Redirect out, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddev.ipcchannel.script=bench", "-cp", System.getProperty("java.class.path"),
                Bench.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return result(new ProcessBuilder(command).redirectOutput(out));
    }

    private static Result result(ProcessBuilder command)
            throws IOException, InterruptedException {
        Process process = command.start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), err);
    }
}
