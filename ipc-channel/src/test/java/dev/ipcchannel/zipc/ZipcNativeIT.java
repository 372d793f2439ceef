package dev.ipcchannel.zipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A Java process and a C process with `native/zipc.h` at the two ends of a queue.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcNativeIT {

    private static final int MESSAGES = 5000;
    private static final int KILLS = 25;
    private static final Map<ZipcDialect, Path> PEERS = new EnumMap<>(ZipcDialect.class);

    @TempDir
    static Path folder = Path.of("");

    @BeforeAll
    static void compile() throws Exception {
        Path source = CCompiler.SOURCES.resolve("zipc_peer.c");
        CCompiler gcc = CCompiler.gcc();
        PEERS.put(ZipcDialect.CURRENT, gcc.compile(source, folder.resolve("current")));
        PEERS.put(ZipcDialect.CLASSIC,
                gcc.with("-DZIPC_CLASSIC").compile(source, folder.resolve("classic")));
    }

    /// The C program. It has the queue open when this returns.
    private static NativeProgram peer(ZipcDialect dialect, String command, OwnQueue queue,
            int slots, int bytes, int number) throws Exception {
        Path program = Objects.requireNonNull(PEERS.get(dialect));
        NativeProgram peer =
                NativeProgram.start(program, command, queue.name(), slots, bytes, number);
        assertThat(peer.readLine()).isEqualTo("open");
        return peer;
    }

    private static ZipcSender sender(OwnQueue queue, int slots, int bytes, ZipcDialect dialect) {
        return ZipcSender.open(queue.name(), slots, bytes, options(dialect));
    }

    private static ZipcReceiver receiver(OwnQueue queue, int slots, int bytes,
            ZipcDialect dialect) {
        return ZipcReceiver.open(queue.name(), slots, bytes, options(dialect));
    }

    private static ZipcOptions options(ZipcDialect dialect) {
        return ZipcOptions.defaults().withDialect(dialect);
    }

    private static void send(ZipcSender sender, byte[] message) {
        while (!sender.send(message)) {
            Thread.onSpinWait();
        }
    }

    private static void sendNumbers(ZipcSender sender, int first, int end) {
        for (int number = first; number < end; number++) {
            send(sender, NumberedMessage.of(number, sender.messageSize()));
        }
    }

    private static byte[] receive(ZipcReceiver receiver) throws InterruptedException {
        ZipcMessage message = receiver.receive(Children.PATIENCE);
        assertThat(message).as("a message that has been sent").isNotNull();
        return message.bytes();
    }

    private static void receiveNumbers(ZipcReceiver receiver, int first, int end)
            throws InterruptedException {
        for (int number = first; number < end; number++) {
            assertThat(NumberedMessage.numberOf(receive(receiver), receiver.messageSize()))
                    .isEqualTo(number);
        }
    }

    /// With 2 slots one message fits; with 3 of 5 bytes the dialects differ.
    @ParameterizedTest
    @CsvSource({"send, CURRENT, 64, 1024", "receive, CURRENT, 64, 1024", //
        "send, CURRENT, 2, 100", "receive, CURRENT, 2, 100", //
        "send, CURRENT, 3, 5", "receive, CURRENT, 3, 5", //
        "send, CLASSIC, 8, 1536", "receive, CLASSIC, 8, 1536", //
        "send, CLASSIC, 3, 5", "receive, CLASSIC, 3, 5"})
    void eachSideReceivesWhatTheOtherSendsWhicheverStartsFirst(String verbOfC, ZipcDialect dialect,
            int slots, int bytes) throws Exception {
        try (OwnQueue queue = OwnQueue.make();
                NativeProgram peer = peer(dialect, verbOfC, queue, slots, bytes, MESSAGES);
                ZipcEnd end = otherEnd(verbOfC, queue, slots, bytes, dialect)) {
            exchangeNumbers(end);
            peer.expectExit(0);
        }
        try (OwnQueue queue = OwnQueue.make();
                ZipcEnd end = otherEnd(verbOfC, queue, slots, bytes, dialect);
                NativeProgram peer = peer(dialect, verbOfC, queue, slots, bytes, MESSAGES)) {
            exchangeNumbers(end);
            peer.expectExit(0);
        }
    }

    private static ZipcEnd otherEnd(String verbOfC, OwnQueue queue, int slots, int bytes,
            ZipcDialect dialect) {
        return verbOfC.equals("send") ? receiver(queue, slots, bytes, dialect)
                : sender(queue, slots, bytes, dialect);
    }

    private static void exchangeNumbers(ZipcEnd end) throws InterruptedException {
        switch (end) {
            case ZipcSender sender -> sendNumbers(sender, 0, MESSAGES);
            case ZipcReceiver receiver -> receiveNumbers(receiver, 0, MESSAGES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesOfAllLengthsComeBackAsTheyWere(ZipcDialect dialect) throws Exception {
        List<byte[]> messages = List.of(new byte[0], new byte[1], "hello\0".getBytes(UTF_8),
                NumberedMessage.of(99, 103), new byte[0]);
        try (OwnQueue queue = OwnQueue.make();
                OwnQueue back = new OwnQueue(queue.name() + "b");
                ZipcSender sender = sender(queue, 3, 103, dialect);
                ZipcReceiver receiver = receiver(back, 3, 103, dialect);
                NativeProgram peer = peer(dialect, "echo", queue, 3, 103, messages.size())) {
            for (byte[] message : messages) {
                send(sender, message);
                assertThat(receive(receiver)).isEqualTo(message);
            }
            peer.expectExit(0);
        }
    }

    /// Its successor goes on with the number after the last one that is there.
    @ParameterizedTest
    @CsvSource({"CURRENT, 8, 1536", "CLASSIC, 3, 5"})
    void messageOfASenderKilledAnywhereIsThereOrNot(ZipcDialect dialect, int slots, int bytes)
            throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        try (OwnQueue queue = OwnQueue.make();
                ZipcReceiver receiver = receiver(queue, slots, bytes, dialect)) {
            int next = 0;
            for (int trial = 0; trial < KILLS; trial++) {
                int end = next + 1 + random.nextInt(400);
                try (NativeProgram peer = peer(dialect, "flood", queue, slots, bytes, next)) {
                    receiveNumbers(receiver, next, end);
                    peer.kill();
                }
                next = end + drain(receiver, end);
            }
        }
    }

    /// The messages that it had not taken are there for its successor, in order and whole.
    @ParameterizedTest
    @CsvSource({"CURRENT, 8, 1536", "CLASSIC, 3, 5"})
    void receiverKilledAnywhereLeavesTheMessagesThatItHasNotTaken(ZipcDialect dialect, int slots,
            int bytes) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        for (int trial = 0; trial < KILLS; trial++) {
            int sent = 1 + random.nextInt(400);
            try (OwnQueue queue = OwnQueue.make();
                    ZipcSender sender = sender(queue, slots, bytes, dialect);
                    NativeProgram peer = peer(dialect, "receive", queue, slots, bytes, -1)) {
                sendNumbers(sender, 0, sent);
                peer.kill();
                try (ZipcReceiver successor = receiver(queue, slots, bytes, dialect)) {
                    ZipcMessage first = successor.receive();
                    if (first != null) {
                        int number = NumberedMessage.numberOf(first.bytes(), bytes);
                        assertThat(number + 1 + drain(successor, number + 1)).isEqualTo(sent);
                    }
                    assertThat(sender.send(NumberedMessage.of(sent, bytes))).isTrue();
                    receiveNumbers(successor, sent, sent + 1);
                }
            }
        }
    }

    /// Receives the messages that are there, and returns their number.
    private static int drain(ZipcReceiver receiver, int first) {
        int number = first;
        ZipcMessage message = receiver.receive();
        while (message != null) {
            assertThat(NumberedMessage.numberOf(message.bytes(), receiver.messageSize()))
                    .isEqualTo(number);
            number++;
            message = receiver.receive();
        }
        return number - first;
    }
}
