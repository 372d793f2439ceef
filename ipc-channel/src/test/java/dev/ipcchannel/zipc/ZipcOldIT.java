package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A Java process and a C process without `native/zipc.h`: the C program follows zipc's first
/// documents, so that an error common to our Java and C code would show.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcOldIT {

    private static final int MESSAGES = 2000;
    private static final int MEETINGS = 20;
    private static final ZipcOptions CLASSIC =
            ZipcOptions.defaults().withDialect(ZipcDialect.CLASSIC);

    @TempDir
    static Path folder = Path.of("");

    private static Path program = Path.of("");

    @BeforeAll
    static void compile() throws Exception {
        program = CCompiler.gcc().compile(CCompiler.SOURCES.resolve("zipc_old.c"),
                folder.resolve("old"));
    }

    /// The C program. It may not have opened the queue when this returns.
    private static NativeProgram start(String command, OwnQueue queue, int slots, int bytes)
            throws Exception {
        return NativeProgram.start(program, command, queue.name(), slots, bytes, MESSAGES);
    }

    private static ZipcSender sender(OwnQueue queue, int slots, int bytes) {
        return ZipcSender.open(queue.name(), slots, bytes, CLASSIC);
    }

    private static ZipcReceiver receiver(OwnQueue queue, int slots, int bytes) {
        return ZipcReceiver.open(queue.name(), slots, bytes, CLASSIC);
    }

    private static void sendAll(ZipcSender sender) {
        for (int number = 0; number < MESSAGES; number++) {
            byte[] message = NumberedMessage.of(number, sender.messageSize());
            while (!sender.send(message)) {
                Thread.onSpinWait();
            }
        }
    }

    /// The length of the next message, received as a copy.
    private static int next(ZipcReceiver receiver, byte[] target) throws InterruptedException {
        int length = receiver.receive(target, Children.PATIENCE);
        assertThat(length).as("a message of a sender that sends without end").isPositive();
        return NumberedMessage.numberOf(Arrays.copyOf(target, length), receiver.messageSize());
    }

    @ParameterizedTest
    @CsvSource({"8, 1536", "3, 5", "2, 100"})
    void oldReceiverGetsEachMessageWhicheverSideComesFirst(int slots, int bytes) throws Exception {
        try (OwnQueue queue = OwnQueue.make();
                NativeProgram old = start("receive", queue, slots, bytes)) {
            assertThat(old.readLine()).isEqualTo("open");
            try (ZipcSender sender = sender(queue, slots, bytes)) {
                sendAll(sender);
                String _ = old.expectExit(0);
            }
        }
        try (OwnQueue queue = OwnQueue.make(); ZipcSender sender = sender(queue, slots, bytes);
                NativeProgram old = start("receive", queue, slots, bytes)) {
            sendAll(sender);
            String _ = old.expectExit(0);
        }
    }

    /// The old sender overwrites delivered messages and loses messages without room; those that
    /// arrive are whole and in order.
    @ParameterizedTest
    @CsvSource({"8, 1536", "3, 5", "2, 100"})
    void copiesOfAnOldSendersMessagesAreWholeWhileItOverrunsTheQueue(int slots, int bytes)
            throws Exception {
        byte[] target = new byte[bytes];
        try (OwnQueue queue = OwnQueue.make();
                ZipcReceiver receiver = receiver(queue, slots, bytes);
                NativeProgram old = start("flood", queue, slots, bytes)) {
            int before = -1;
            for (int i = 0; i < MESSAGES; i++) {
                int number = next(receiver, target);
                assertThat(number).isGreaterThan(before);
                before = number;
            }
            old.kill();
        }
    }

    @Test
    void oldSideAndJavaSideThatMakeTheQueueAtOnceMeet() throws Exception {
        for (int i = 0; i < MEETINGS; i++) {
            try (OwnQueue queue = OwnQueue.make();
                    NativeProgram old = start("receive", queue, 8, 100);
                    ZipcSender sender = sender(queue, 8, 100)) {
                sendAll(sender);
                String _ = old.expectExit(0);
            }
            try (OwnQueue queue = OwnQueue.make();
                    NativeProgram old = start("flood", queue, 8, 100);
                    ZipcReceiver receiver = receiver(queue, 8, 100)) {
                assertThat(next(receiver, new byte[100])).isNotNegative();
                old.kill();
            }
        }
    }
}
