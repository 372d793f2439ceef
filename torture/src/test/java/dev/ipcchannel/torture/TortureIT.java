package dev.ipcchannel.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command line of the storms, as far as no storm runs.
@Timeout(120)
class TortureIT {

    @ParameterizedTest
    @CsvSource({"list kills, list shows all storms: nothing else goes with it",
        "list --short, list shows all storms: nothing else goes with it",
        "all kills, all is every storm: no other name goes with it",
        "kill, there is no storm of this name: kill",
        "kills --min 3, Unrecognized option: --min",
        "kills --minutes 0, must be positive: --minutes=0"})
    void wrongUsageIsOneSentence(String arguments, String sentence) throws Exception {
        Result program = run(Redirect.DISCARD, arguments.split(" ", -1));

        assertThat(program.err())
                .isEqualTo("torture: " + sentence + "; see scripts/torture --help\n");
        assertThat(program.exitCode()).isEqualTo(2);
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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Torture.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectOutput(out).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), err);
    }
}
