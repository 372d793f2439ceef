package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of the parent's `--no-spawn`, with a child from another terminal.
@Timeout(120)
class ByHandIT {

    private static final String NAME = "One Shot Server name - Parent: ";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void theCommandPrintedStartsAChildWhenPastedIntoAShell() throws IOException {
        Path folder = Files.createDirectory(sandbox.directory().resolve("it's $HOME"));
        Path jar = Files.copy(Apps.CHILD_JAR, folder.resolve("child app.jar"));
        Program parent = sandbox.start(Apps.parent("--no-spawn", "--child-jar", jar.toString(),
                "over here"));
        parent.awaitOut("channel_name:" + parent.valueOf(NAME) + "\n");

        String command = parent.outLines().get(3);
        Program child = sandbox.start(List.of("sh", "-c", command)).expectExit(0);
        parent.expectExit(0);

        assertThat(parent.outLines().get(2))
                .isEqualTo("Start the child in another terminal within 120 s:");
        assertThat(parent.outLines().subList(4, parent.outLines().size()))
                .containsExactly("Received from child: Child received: over here");
        assertThat(child.out()).contains("Received from parent: over here\n",
                "Received from parent: quit\n", "Child process finished.\n");
    }

    @Test
    void theSecondChildFindsNoWaitingParent() {
        Program parent = sandbox.start(Apps.parent("--no-spawn", "--interactive"));
        String name = parent.valueOf(NAME);
        Program first = sandbox.start(Apps.child("channel_name:" + name));
        parent.awaitOut("Type messages");

        Program second = sandbox.start(Apps.child("channel_name:" + name)).expectExit(5);

        assertThat(second.expectSentence()).contains("no server waits there", name);
        parent.type("still here").awaitOut("Child received: still here");
        parent.endInput().expectExit(0);
        first.expectExit(0);
    }

    @Test
    void killedChildIsNoticedWithoutBeingOurs() {
        Program parent = sandbox.start(Apps.parent("--no-spawn", "--interactive"));
        Program child = sandbox.start(Apps.child("channel_name:" + parent.valueOf(NAME)));
        parent.awaitOut("Type messages");

        child.kill();
        parent.expectExit(5);

        assertThat(parent.expectSentence()).contains("the child is gone");
        child.expectExit(128 + 9);
    }

    @Test
    void theDeadlineEndsTheWaitForAChild() {
        Program parent = sandbox.start(Apps.parent("--no-spawn", "--timeout", "0.2"))
                .expectExit(4);

        assertThat(parent.out()).contains("within 0.2 s:\n");
        assertThat(parent.expectSentence()).contains("timeout=200 ms");
    }
}
