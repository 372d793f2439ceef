package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// C and C++ programs from `examples/zipc`, with each other and with Java. They are unchanged
/// except for the name of their queue, which a test must not share.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcProgramsIT {

    private static final Path SOURCES = Path.of("..", "examples", "zipc", "src", "main");
    private static final OwnQueue QUEUE = OwnQueue.make();
    private static final byte[] HELLO = "hello\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GREETING = "hello!".getBytes(StandardCharsets.US_ASCII);
    private static final String POLLED = "Received: hello";
    private static final String AWAITED = "received message of len: 6";

    @TempDir
    static Path folder = Path.of("");

    @AfterEach
    void removeTheQueue() throws Exception {
        QUEUE.close();
    }

    /// Compiles it unless an earlier test has done so.
    private static Path program(String source) throws Exception {
        return program(source, "/my-zipc-path");
    }

    private static Path program(String source, String printedName) throws Exception {
        Path program = folder.resolve(source.replace('/', '-') + ".program");
        if (Files.exists(program)) {
            return program;
        }
        String text = Files.readString(SOURCES.resolve(source));
        assertThat(text).contains('"' + printedName + '"');
        return CCompiler.of(source.endsWith(".cpp") ? "g++" : "gcc").compile(
                text.replace('"' + printedName + '"', '"' + QUEUE.name() + '"'), program);
    }

    private static void expect(int times, byte[] text, ZipcReceiver receiver) throws Exception {
        for (int i = 0; i < times; i++) {
            ZipcMessage message = receiver.receive(Children.PATIENCE);
            assertThat(message).isNotNull();
            assertThat(message.bytes()).isEqualTo(text);
        }
    }

    @Test
    void oneProcessSendsToItselfAndLeavesNoFile() throws Exception {
        assertThat(NativeProgram.run(program("c/one_process.c", "/test")))
                .isEqualTo("Received: Hello, IPC!");
        assertThat(QUEUE.file()).doesNotExist();
    }

    @Test
    void javaReceivesWhatTheSenderSendsUntilItIsKilled() throws Exception {
        try (ZipcReceiver receiver = ZipcReceiver.open(QUEUE.name(), 64, 1024);
                NativeProgram sender = NativeProgram.start(program("cpp/sender.cpp"))) {
            expect(3, HELLO, receiver);
            sender.kill();
        }
    }

    @Test
    void receiverPrintsWhatJavaSendsUntilItIsKilled() throws Exception {
        try (NativeProgram receiver = NativeProgram.start(program("cpp/receiver.cpp"));
                ZipcSender sender = ZipcSender.open(QUEUE.name(), 64, 1024)) {
            for (int i = 0; i < 3; i++) {
                assertThat(sender.send(HELLO)).isTrue();
                assertThat(receiver.readLine()).isEqualTo(POLLED);
            }
            receiver.kill();
        }
    }

    @Test
    void receiverPrintsWhatTheSenderSends() throws Exception {
        try (NativeProgram sender = NativeProgram.start(program("cpp/sender.cpp"));
                NativeProgram receiver = NativeProgram.start(program("cpp/receiver.cpp"))) {
            assertThat(receiver.readLine()).isEqualTo(POLLED);
            assertThat(receiver.readLine()).isEqualTo(POLLED);
            receiver.kill();
            sender.kill();
        }
    }

    @Test
    void javaReceivesWhatTheSenderInCSendsUntilItIsKilled() throws Exception {
        try (ZipcReceiver receiver = ZipcReceiver.open(QUEUE.name(), 8, 1536);
                NativeProgram sender = NativeProgram.start(program("c/sender.c"))) {
            expect(3, GREETING, receiver);
            sender.kill();
        }
    }

    @Test
    void receiverInCPrintsTheLengthsOfWhatJavaSendsUntilNoneComesInTime() throws Exception {
        try (ZipcSender sender = ZipcSender.open(QUEUE.name(), 8, 1536)) {
            assertThat(sender.send(GREETING)).isTrue();
            assertThat(sender.send(new byte[0])).isTrue();
            assertThat(sender.send(new byte[1536])).isTrue();
            assertThat(NativeProgram.run(program("c/receiver.c"))).isEqualTo(
                    AWAITED + "\nreceived message of len: 0\nreceived message of len: 1536");
        }
    }

    @Test
    void receiverInCPrintsWhatTheSenderInCSendsUntilThatIsGone() throws Exception {
        Path receives = program("c/receiver.c");
        try (NativeProgram sender = NativeProgram.start(program("c/sender.c"))) {
            try (ZipcReceiver first = ZipcReceiver.open(QUEUE.name(), 8, 1536)) {
                expect(1, GREETING, first); // first: the other one waits 800 milliseconds
            }
            try (NativeProgram receiver = NativeProgram.start(receives)) {
                assertThat(receiver.readLine()).isEqualTo(AWAITED);
                sender.kill();
                assertThat(receiver.expectExit(0).lines()).containsOnly(AWAITED);
            }
        }
    }
}
