package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The programs of C and C++ in zipc's own documents, as they are printed there but for the names of
/// their queues, which a test must not take from others.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcProgramsIT {

    private static final Path SOURCES = Path.of("..", "examples", "zipc", "src", "main");
    private static final int SLOTS = 64;
    private static final int BYTES = 1024;
    private static final byte[] HELLO = "hello\0".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder = Path.of("");

    private Path compile(String compiler, String source, String printedName, OwnQueue queue)
            throws Exception {
        String text = Files.readString(SOURCES.resolve(source));
        assertThat(text).contains('"' + printedName + '"');
        return CCompiler.of(compiler).compile(
                text.replace('"' + printedName + '"', '"' + queue.name() + '"'),
                folder.resolve(Path.of(source).getFileName() + ".program"));
    }

    private Path compileSender(OwnQueue queue) throws Exception {
        return compile("g++", "cpp/sender.cpp", "/my-zipc-path", queue);
    }

    private Path compileReceiver(OwnQueue queue) throws Exception {
        return compile("g++", "cpp/receiver.cpp", "/my-zipc-path", queue);
    }

    @Test
    void oneProcessSendsToItselfAndLeavesNoFile() throws Exception {
        try (OwnQueue queue = OwnQueue.make()) {
            assertThat(NativeProgram.run(compile("gcc", "c/one_process.c", "/test", queue)))
                    .isEqualTo("Received: Hello, IPC!");
            assertThat(queue.file()).doesNotExist();
        }
    }

    @Test
    void javaReceivesWhatTheSenderSendsUntilItIsKilled() throws Exception {
        try (OwnQueue queue = OwnQueue.make();
                ZipcReceiver receiver = ZipcReceiver.open(queue.name(), SLOTS, BYTES);
                NativeProgram sender = NativeProgram.start(compileSender(queue))) {
            for (int i = 0; i < 3; i++) {
                ZipcMessage message = receiver.receive(Children.PATIENCE);
                assertThat(message).isNotNull();
                assertThat(message.bytes()).isEqualTo(HELLO);
            }
            sender.kill();
        }
    }

    @Test
    void receiverPrintsWhatJavaSendsUntilItIsKilled() throws Exception {
        try (OwnQueue queue = OwnQueue.make();
                NativeProgram receiver = NativeProgram.start(compileReceiver(queue));
                ZipcSender sender = ZipcSender.open(queue.name(), SLOTS, BYTES)) {
            for (int i = 0; i < 3; i++) {
                assertThat(sender.send(HELLO)).isTrue();
                assertThat(receiver.readLine()).isEqualTo("Received: hello");
            }
            receiver.kill();
        }
    }

    @Test
    void receiverPrintsWhatTheSenderSends() throws Exception {
        try (OwnQueue queue = OwnQueue.make();
                NativeProgram sender = NativeProgram.start(compileSender(queue));
                NativeProgram receiver = NativeProgram.start(compileReceiver(queue))) {
            assertThat(receiver.readLine()).isEqualTo("Received: hello");
            assertThat(receiver.readLine()).isEqualTo("Received: hello");
            receiver.kill();
            sender.kill();
        }
    }
}
