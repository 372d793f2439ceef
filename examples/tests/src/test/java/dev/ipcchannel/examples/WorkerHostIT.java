package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of a host that has a sum done by workers, and of its workers' program.
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class WorkerHostIT {

    private static final String WORKER = "dev.ipcchannel.examples.worker.ArithmeticWorker";

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void printsTheResult() throws Exception {
        Programs.Result host = programs.run(Programs.example("worker-host")).expectExit(0);

        assertThat(host.out()).isEqualTo("Result -> 13\n");
        assertThat(host.err()).isEmpty();
    }

    @Test
    void itsThreeFilesAreAProgramWhereverTheyAreCopied() throws Exception {
        String library = Programs.ROOT.resolve("ipc-channel/target/ipc-channel.jar").toString();
        String classes = programs.directory().resolve("classes").toString();
        List<String> javac = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-d", classes, "-cp", library));
        for (String file : List.of(
                "worker-host/src/main/java/dev/ipcchannel/examples/host/WorkerHost",
                "worker/src/main/java/dev/ipcchannel/examples/worker/ArithmeticWorker",
                "common/src/main/java/dev/ipcchannel/examples/common/HostMessage")) {
            javac.add(Programs.ROOT.resolve("examples/" + file + ".java").toString());
        }
        programs.run(javac).expectExit(0);

        Programs.Result host = programs.run(List.of(Programs.JAVA,
                "--enable-native-access=ALL-UNNAMED", "-cp", classes + ":" + library,
                "dev.ipcchannel.examples.host.WorkerHost")).expectExit(0);

        assertThat(host.out()).isEqualTo("Result -> 13\n");
        assertThat(host.err()).isEmpty();
    }

    @Test
    void helpIsAllThatIsDone() throws Exception {
        Programs.Result help =
                programs.run(Programs.example("worker-host", "--help")).expectExit(0);

        assertThat(help.lines()).singleElement().asString().startsWith("Has a sum done");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void takesNoArguments() throws Exception {
        assertThat(programs.run(Programs.example("worker-host", "6", "7")).expectSentence(2))
                .isEqualTo("worker-host: this program takes no arguments: arguments=2:"
                        + " leave them out");
    }

    @Test
    void workerStartedByHandNamesItsParentProgram() throws Exception {
        List<String> worker = List.of(Programs.JAVA, "--enable-native-access=ALL-UNNAMED", "-cp",
                Programs.jar("worker-host"), WORKER);

        assertThat(programs.run(worker).expectSentence(1)).startsWith("arithmetic-worker: ")
                .contains("no parent has started this program");
    }
}
