package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ProtocolViolation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queues into which a C program writes anything at any place while Java uses them: each call ends,
/// with a result or a `ProtocolViolation`.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcGarbageIT {

    private static final int SLOTS = 7;
    private static final int BYTES = 13;
    private static final int ENOUGH = 200; // of each outcome

    @TempDir
    static Path folder = Path.of("");

    private static Path peer = Path.of("");

    @BeforeAll
    static void compile() throws Exception {
        peer = CCompiler.gcc().compile(CCompiler.SOURCES.resolve("zipc_peer.c"),
                folder.resolve("peer"));
    }

    private static NativeProgram garbage(OwnQueue queue) throws Exception {
        NativeProgram garbage = NativeProgram.start(peer, "garbage", queue.name(), SLOTS, BYTES, 1);
        assertThat(garbage.readLine()).isEqualTo("open");
        return garbage;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void receiverGetsMessagesOfAtMostASlotOrAViolation(boolean isStrict)
            throws Exception {
        ZipcOptions options = ZipcOptions.defaults().withStrict(isStrict);
        try (OwnQueue queue = OwnQueue.make();
                ZipcReceiver receiver = ZipcReceiver.open(queue.name(), SLOTS, BYTES, options);
                NativeProgram garbage = garbage(queue)) {
            int given = 0;
            int violations = 0;
            for (int i = 0; given < ENOUGH || violations < ENOUGH || receiver.clamped() == 0; i++) {
                try {
                    ZipcMessage message = i % 8 == 0 ? receiver.receive(Duration.ofMillis(1))
                            : receiver.receive();
                    if (message != null) {
                        assertThat(message.bytes()).hasSizeBetween(0, BYTES);
                        given++;
                    }
                } catch (ProtocolViolation _) {
                    violations++;
                }
                Thread.onSpinWait();
            }
            garbage.kill();
        }
    }

    @Test
    void copyingReceiverGetsNoMoreThanASlot() throws Exception {
        byte[] target = new byte[BYTES];
        try (OwnQueue queue = OwnQueue.make();
                ZipcReceiver receiver = ZipcReceiver.open(queue.name(), SLOTS, BYTES);
                NativeProgram garbage = garbage(queue)) {
            for (int given = 0; given < ENOUGH;) {
                try {
                    int length = receiver.receive(target);
                    assertThat(length).isBetween(-1, BYTES);
                    given += length < 0 ? 0 : 1;
                } catch (ProtocolViolation _) { // the next look may find a valid queue again
                }
                Thread.onSpinWait();
            }
            garbage.kill();
        }
    }

    @Test
    void senderSendsOrFindsNoRoomOrGetsAViolation() throws Exception {
        byte[] message = new byte[BYTES];
        try (OwnQueue queue = OwnQueue.make();
                ZipcSender sender = ZipcSender.open(queue.name(), SLOTS, BYTES);
                NativeProgram garbage = garbage(queue)) {
            int sent = 0;
            int refused = 0;
            int violations = 0;
            while (sent < ENOUGH || refused < ENOUGH / 10 || violations < ENOUGH) {
                try {
                    if (sender.send(message)) {
                        sent++;
                    } else {
                        refused++;
                    }
                } catch (ProtocolViolation _) {
                    violations++;
                }
                Thread.onSpinWait();
            }
            garbage.kill();
        }
    }
}
