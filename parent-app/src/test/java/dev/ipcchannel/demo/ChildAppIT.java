package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeMismatch;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tests of the child, with this JVM as its parent or without a parent.
@Timeout(120)
class ChildAppIT {

    private static final String DIRECTORY = "ipc-channel-0123456789abcdef0123456789abcdef";

    record Ends(Sender<String> requests, Receiver<String> replies) {}

    record Other(String one, String two, String three) {}

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void answersUntilQuit() throws Exception {
        try (OneShotServer<Ends> server = OneShotServer.open(Ends.class)) {
            Program child = sandbox.start(Apps.child("channel_name:" + server.name()));
            Ends ends = server.accept(Program.PATIENCE);
            ends.requests().send("a\u00e9");
            assertThat(ends.replies().receive()).isEqualTo("Child received: a\u00e9");
            ends.requests().send("quit");

            child.expectExit(0);
            assertThat(child.outLines()).containsExactly("Child process started",
                    "One Shot Server name: " + server.name(), "Received from parent: a\u00e9",
                    "Received from parent: quit", "Child process exiting.",
                    "Child process finished.");
            assertThat(child.err()).isEmpty();
        }
    }

    @Test
    void outputThatCannotBeWrittenIsAnError() {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh"));
        command.addAll(Apps.child("--help"));

        Program child = sandbox.start(command).expectExit(7);

        assertThat(child.expectSentence()).contains("standard output cannot be written");
    }

    @Test
    void theNameMayBeAnOptionAndQuietLeavesTheMessagesOut() throws Exception {
        try (OneShotServer<Ends> server = OneShotServer.open(Ends.class)) {
            Program child = sandbox.start(Apps.child("--channel_name", server.name(), "--quiet"));
            server.accept(Program.PATIENCE).requests().send("quit");

            assertThat(child.expectExit(0).out()).doesNotContain("Received from parent");
        }
    }

    @Test
    void theNameMayBeInTheEnvironment() throws Exception {
        try (OneShotServer<Ends> server = OneShotServer.open(Ends.class)) {
            Program child = sandbox.with("CHANNEL_NAME", server.name()).start(Apps.child());
            server.accept(Program.PATIENCE).requests().send("quit");

            child.expectExit(0);
        }
    }

    @Test
    void theArgumentWinsOverTheEnvironment() {
        Program child = sandbox.with("CHANNEL_NAME", "/from/environment")
                .start(Apps.child("channel_name:/from/argument")).expectExit(2);

        assertThat(child.expectSentence()).contains("name=/from/argument");
    }

    @Test
    void withoutANameItSaysHowToPassOne() {
        Program child = sandbox.start(Apps.child()).expectExit(2);

        assertThat(child.expectSentence()).contains("missing", "channel_name:NAME",
                "CHANNEL_NAME");
        assertThat(child.out()).isEmpty();
    }

    @Test
    void malformedNameIsRefused() {
        Program child = sandbox.start(Apps.child("channel_name:nonsense")).expectExit(2);

        assertThat(child.expectSentence()).contains("name=nonsense");
        assertThat(child.out()).isEmpty();
    }

    @Test
    void nameLongerThanASocketPathIsRefused() {
        String name = "/" + "d".repeat(60) + "/" + DIRECTORY + "/server";

        Program child = sandbox.start(Apps.child("channel_name:" + name)).expectExit(2);

        assertThat(child.expectSentence()).contains("at most 107 bytes", "length=113");
    }

    @Test
    void staleNameMeansNoParent() {
        String name;
        try (OneShotServer<Ends> server = OneShotServer.open(Ends.class)) {
            name = server.name();
        }

        Program child = sandbox.start(Apps.child("channel_name:" + name)).expectExit(5);

        assertThat(child.expectSentence()).contains("no server waits there", name);
    }

    @Test
    void plainFileMeansNoParent() throws IOException {
        Path file = foreign();
        Files.createFile(file);

        Program child = sandbox.start(Apps.child("channel_name:" + file)).expectExit(5);

        assertThat(child.expectSentence()).contains("no server waits there", "name=" + file);
        removeForeign();
    }

    @Test
    void socketOfAnotherKindIsRefused() throws IOException {
        Path file = foreign();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            Program child = sandbox.start(Apps.child("channel_name:" + file)).expectExit(6);
            assertThat(child.expectSentence()).contains("another kind", "name=" + file);
        }
        removeForeign();
    }

    @Test
    void serverOfAnotherTypeSaysWhichTypesDiffer() {
        try (OneShotServer<Other> server = OneShotServer.open(Other.class)) {
            Program child = sandbox.start(Apps.child("channel_name:" + server.name()));
            assertThatThrownBy(() -> server.accept(child.process(), Program.PATIENCE))
                    .isInstanceOf(TypeMismatch.class);

            assertThat(child.expectExit(6).expectSentence())
                    .contains("the server expects another type: Other.one: only in the server; ",
                            "; Other.requests: only here; ");
        }
    }

    @Test
    void parentThatGoesWithoutQuitIsMissed() throws Exception {
        try (OneShotServer<Ends> server = OneShotServer.open(Ends.class)) {
            Program child = sandbox.start(Apps.child("channel_name:" + server.name()));
            Ends ends = server.accept(Program.PATIENCE);
            ends.requests().close();
            ends.replies().close();

            assertThat(child.expectExit(5).expectSentence()).contains("the parent is gone: ");
        }
    }

    @Test
    void helpNamesEveryOptionAndExitCode() {
        Program child = sandbox.start(Apps.child("--help")).expectExit(0);

        assertThat(child.out().replaceAll("\\s+", " ")).contains("channel_name:NAME",
                "--channel_name", "CHANNEL_NAME",
                "--quiet", "--version", "0 done", "2 wrong usage", "5 parent lost");
    }

    @Test
    void versionIsThatOfTheBuild() {
        Program child = sandbox.start(Apps.child("--version")).expectExit(0);

        assertThat(child.out()).matches("child-app \\d+\\.\\d+\\.\\d+\\S*\n");
    }

    /// Makes a file that has a server's name and is something else.
    private Path foreign() throws IOException {
        Path directory = sandbox.runtimeDirectory().resolve(DIRECTORY);
        Files.createDirectory(directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return directory.resolve("server");
    }

    private void removeForeign() throws IOException {
        Path directory = sandbox.runtimeDirectory().resolve(DIRECTORY);
        Files.delete(directory.resolve("server"));
        Files.delete(directory);
    }
}
