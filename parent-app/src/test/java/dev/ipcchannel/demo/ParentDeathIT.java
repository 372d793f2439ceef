package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests that a parent that is ended from outside leaves nothing, with or without an older java as
/// the outer JVM. After each test the sandbox checks that all processes have ended.
@Timeout(120)
class ParentDeathIT {

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void childEndsWhenItsParentIsKilled() {
        Program parent = talking(Apps.parent("--interactive"));

        parent.kill();

        parent.expectExit(128 + 9);
        sandbox.awaitNoProcess();
    }

    @Test
    void childEndsWhenItsParentIsTerminated() {
        Program parent = talking(Apps.parent("--interactive"));

        parent.terminate();

        parent.expectExit(128 + 15);
        sandbox.awaitNoProcess();
    }

    @Test
    void childEndsWhenItsParentIsKilledInTheMiddleOfAStream() {
        Program parent = sandbox.start(Apps.parent("--count", "1000000000"));
        parent.awaitOut("One Shot Server name: ");

        parent.kill();

        parent.expectExit(128 + 9);
        sandbox.awaitNoProcess();
    }

    @Test
    void whatAKilledParentLeavesTheNextOneSweepsAway() {
        Program parent = sandbox.start(Apps.parent("--no-spawn"));
        parent.awaitOut("channel_name:");
        parent.kill();
        parent.expectExit(128 + 9);
        assertThat(sandbox.serverDirectories()).hasSize(1);

        sandbox.start(Apps.parent("--no-spawn", "--timeout", "0.1")).expectExit(4);

        assertThat(sandbox.serverDirectories()).isEmpty();
    }

    @Test
    void terminatedParentRemovesItsServer() {
        Program parent = sandbox.start(Apps.parent("--no-spawn"));
        parent.awaitOut("channel_name:");

        parent.terminate();

        parent.expectExit(128 + 15);
        assertThat(sandbox.serverDirectories()).isEmpty();
    }

    @Test
    void parentAndChildEndWhenTheLauncherOfTheParentIsKilled() {
        Program launcher = talking(Apps.parentOn(List.of(Apps.olderJava()), "--interactive"));
        assertThat(sandbox.processes()).hasSize(3);

        launcher.kill();

        launcher.expectExit(128 + 9);
        sandbox.awaitNoProcess();
    }

    @Test
    void childAndItsLauncherEndWhenTheParentIsKilled() {
        Program parent = talking(Apps.parent("--interactive", "--child-java", Apps.olderJava()));
        assertThat(sandbox.processes()).hasSize(3);

        parent.kill();

        parent.expectExit(128 + 9);
        sandbox.awaitNoProcess();
    }

    @Test
    void parentNoticesWhenTheLauncherOfItsChildIsKilled() {
        Program parent = talking(Apps.parent("--interactive", "--child-java", Apps.olderJava()));
        long launcher = Long.parseLong(parent.valueOf("Child process ID: "));

        ProcessHandle.of(launcher).orElseThrow().destroyForcibly();

        parent.expectExit(5);
        assertThat(parent.expectSentence()).contains("the child is gone");
    }

    private Program talking(List<String> command) {
        Program parent = sandbox.start(command);
        parent.type("hello").awaitOut("Child received: hello");
        return parent;
    }
}
