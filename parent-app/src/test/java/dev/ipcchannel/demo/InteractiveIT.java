package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of the parent's `--interactive`.
@Timeout(120)
class InteractiveIT {

    private static final String REPLY = "Received from child: Child received: ";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void eachLineIsAnsweredAtOnceUntilQuit() {
        Program parent = start();

        parent.type("one").awaitOut(REPLY + "one");
        parent.type("two").awaitOut(REPLY + "two");
        parent.type("quit").expectExit(0);

        assertThat(parent.out()).doesNotContain("> ")
                .contains("Received from parent: two\nReceived from parent: quit\n");
        assertThat(parent.err()).isEmpty();
    }

    @Test
    void personAtATerminalSeesAPromptAndEndsItByTheFirstEndOfInput() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")),
                "script is not installed (package bsdutils)");
        String command = "'" + String.join("' '", Apps.parent("--interactive")) + "'";
        Program parent = sandbox.start(List.of("script", "--quiet", "--return", "--command",
                command, "/dev/null")).awaitOut("ends.\r\n> ");

        parent.type("one").awaitOut(REPLY + "one\r\n> ");
        parent.press("\4").expectExit(0); // Ctrl-D

        assertThat(parent.out()).contains("> \r\nChild process exiting.\r\n");
    }

    @Test
    void endOfInputEndsAfterTheLastReply() {
        Program parent = start();
        for (int i = 0; i < 500; i++) {
            parent.type("line " + i);
        }

        parent.endInput().expectExit(0);

        assertThat(parent.out()).contains(REPLY + "line 499\nChild process exiting.");
    }

    @Test
    void closedInputIsAnEmptyOne() {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        command.addAll(Apps.parent("--interactive"));

        Program parent = sandbox.start(command).expectExit(0);

        assertThat(parent.out()).doesNotContain(REPLY).contains("Received from parent: quit\n");
    }

    @Test
    void linesAreUtf8WhateverTheLocale() {
        sandbox.with("LC_ALL", "C");

        Program parent = start().type("gr\u00fc\u00df \ud83d\ude00").endInput().expectExit(0);

        assertThat(parent.out()).contains(REPLY + "gr\u00fc\u00df \ud83d\ude00\n",
                "Received from parent: gr\u00fc\u00df \ud83d\ude00\n");
    }

    @Test
    void aLineLongerThanTheRingArrives() {
        String line = "x".repeat(100_000);

        Program parent = start().type(line).type("short").endInput().expectExit(0);

        assertThat(parent.out()).contains(REPLY + line + "\n", REPLY + "short");
    }

    @Test
    void killedChildIsNoticedWithoutInput() {
        Program parent = start().type("one").awaitOut(REPLY + "one");

        String pid = parent.valueOf("Child process ID: ");
        signal("KILL", pid);
        parent.expectExit(5);

        assertThat(parent.expectSentence()).startsWith("parent-app: the child is gone: ")
                .contains("pid=" + pid);
    }

    @Test
    void childThatDoesNotAnswerAnyMoreIsKilledAfterTheTimeout() {
        Program parent = sandbox.start(Apps.parent("--interactive", "--timeout", "10"));
        parent.type("one").awaitOut(REPLY + "one");

        signal("STOP", parent.valueOf("Child process ID: "));
        parent.type("two").endInput().expectExit(4);

        assertThat(parent.expectSentence()).contains("timeout=10 s");
    }

    @Test
    void failureIsAnEventToo() {
        Program parent = sandbox.start(Apps.parent("--interactive", "--json"));
        String started = parent.awaitOut("TypingAwaited").outLines().get(2);

        signal("KILL", JsonParser.parseString(started).getAsJsonObject().get("pid").getAsString());
        parent.expectExit(5);

        String last = parent.outLines().getLast();
        assertThat(JsonParser.parseString(last).getAsJsonObject().get("exitCode").getAsInt())
                .isEqualTo(5);
        assertThat(last).contains("\"event\":\"Failed\"", "the child is gone");
    }

    private Program start() {
        return sandbox.start(Apps.parent("--interactive")).awaitOut("Type messages");
    }

    private static void signal(String name, String pid) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }
}
