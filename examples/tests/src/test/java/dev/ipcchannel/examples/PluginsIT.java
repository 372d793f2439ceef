package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of a host that survives its plugins.
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class PluginsIT {

    private static final String GOOD = "Greeter: answered: Hello, host!";
    private static final String[] EXPECTED = {GOOD,
        "Quitter: WorkerDied: it has ended its process: exit code 3", GOOD,
        "Looper: TimedOut: it had not answered after 2 s, so its process was killed", GOOD,
        "Hoarder: CallFailed: it has thrown java.lang.OutOfMemoryError: Java heap space", GOOD,
        "Crasher: WorkerDied: it has crashed its process: SIGSEGV, exit code 1", GOOD,
        "Flooder: answered: I have printed 200000 lines", GOOD,
        "The host is fine: 11 plugins have run, and 3 workers were replaced."};

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void eachPluginHasItsOutcomeAndTheHostIsFine() throws Exception {
        Programs.Result host = programs.run(Programs.example("plugins")).expectExit(0);

        assertThat(host.lines()).containsExactly(EXPECTED);
        assertThat(host.err()).isEmpty();
        assertThat(programs.directory().toFile().list()).containsExactly("temporary");
    }

    @Test
    void helpIsAllThatIsDone() throws Exception {
        Programs.Result help = programs.run(Programs.example("plugins", "--help")).expectExit(0);

        assertThat(help.lines()).singleElement().asString().startsWith("Runs plugins");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void takesNoArguments() throws Exception {
        assertThat(programs.run(Programs.example("plugins", "Greeter")).expectSentence(2))
                .isEqualTo("plugins: this program takes no arguments: arguments=1: leave them out");
    }

    @Test
    void workerStartedByHandNamesItsParentProgram() throws Exception {
        List<String> worker = List.of(Programs.JAVA, "--enable-native-access=ALL-UNNAMED", "-cp",
                Programs.jar("plugins"), "dev.ipcchannel.examples.plugins.PluginWorker");

        assertThat(programs.run(worker).expectSentence(1)).startsWith("plugin-worker: ");
    }
}
