package dev.ipcchannel.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of the command line of the storms, without running a storm.
@Timeout(120)
class TortureIT {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            list kills | list shows all storms, nothing else goes with it: leave the rest out
            list --short | list shows all storms, nothing else goes with it: leave the rest out
            all kills | all is every storm, no other name goes with it: given=[all, kills]: \
            leave the others out
            kills --min 3 | there is no option --min: see scripts/torture --help
            kills --minutes | --minutes needs its N: see scripts/torture --help
            kills --short=1 | --short takes no value: short=1: leave it out
            kills --short -m 1 | --short and --minutes exclude each other: pass one of them
            kills --minutes 0 | --minutes must be a whole number from 1 to 100000: minutes=0
            kills -m 99999999999999999999 | --minutes must be a whole number from 1 to 100000: \
            minutes=99999999999999999999
            kills --seed x | --seed must be a whole number from -9223372036854775808 to \
            9223372036854775807: seed=x
            """)
    void wrongUsageIsOneSentenceOfTheScriptAndOfTheProgram(String arguments, String sentence)
            throws Exception {
        List<String> script = new ArrayList<>(List.of("../scripts/torture"));
        script.addAll(Arrays.asList(arguments.split(" ", -1)));

        Result program = run(Redirect.DISCARD, arguments.split(" ", -1));

        assertThat(program).isEqualTo(new Result(2, "torture: " + sentence + "\n"));
        assertThat(result(new ProcessBuilder(script))).isEqualTo(program);
    }

    @Test
    void folderThatTheRunCannotHaveIsOneSentence() throws Exception {
        List<String> command = command();
        command.add(1, "-Djava.io.tmpdir=/proc");
        command.addAll(List.of("kills", "--short"));

        Result program =
                result(new ProcessBuilder(command).redirectOutput(Redirect.DISCARD));

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err().lines()).singleElement().asString()
                .startsWith("torture: no folder for the run can be made: folder=/proc,")
                .endsWith(": name one that you may write to,"
                        + " by JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
    }

    /// The script refuses the name of an unknown storm before it builds anything.
    @Test
    void scriptKnowsAllStorms() throws Exception {
        Result script = result(new ProcessBuilder("../scripts/torture", "nosuch"));
        Result program = run(Redirect.DISCARD, "nosuch");

        assertThat(script.err()).isEqualTo(program.err()).isEqualTo(
                "torture: there is no storm nosuch: the storms are "
                        + Storms.all().stream().map(Storm::name).collect(Collectors.joining(", "))
                        + "\n");
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void scriptListsAllStormsWithTheirAims() throws Exception {
        Path list = Files.createTempFile("storms", ".txt");
        try {
            Result script = result(new ProcessBuilder("../scripts/torture", "list")
                    .redirectOutput(list.toFile()));

            assertThat(script).isEqualTo(new Result(0, ""));
            assertThat(Files.readString(list).replaceAll("\\s+", " ").strip()).isEqualTo(
                    "Storms: " + Storms.all().stream()
                            .map(storm -> storm.name() + " " + storm.aim())
                            .collect(Collectors.joining(" ")));
        } finally {
            Files.delete(list);
        }
    }

    @Test
    void outputThatCannotBeWrittenIsAnError() throws Exception {
        Result list = run(Redirect.to(new File("/dev/full")), "list");

        assertThat(list.err()).isEqualTo(
                "torture: standard output cannot be written: see that its device has room\n");
        assertThat(list.exitCode()).isEqualTo(3);
    }

    private record Result(int exitCode, String err) {}

    private static Result run(Redirect out, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = command();
        command.addAll(Arrays.asList(arguments));
        return result(new ProcessBuilder(command).redirectOutput(out));
    }

    private static List<String> command() {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddev.ipcchannel.script=torture", "-cp", System.getProperty("java.class.path"),
                Torture.class.getName()));
    }

    private static Result result(ProcessBuilder command)
            throws IOException, InterruptedException {
        Process process = command.start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), err);
    }
}
