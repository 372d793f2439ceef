package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.RawBytes;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.ReaderFault;
import dev.ipcchannel.testing.children.ReaderFaultChild;
import dev.ipcchannel.testing.children.ScribblingChild;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Hostile children that write anything into the memory that they share with their parent.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileMemoryIT {

    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration SCRIBBLING = Duration.ofSeconds(2);
    private static final int MESSAGES = 1000; // far more than the ring holds

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource
    void faultOfAReaderEndsItsSenderAndNoOther(ReaderFault fault) throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> bystander = Channel.create(String.class)) {
            ChildJvm child = children.command().piped()
                    .start(ReaderFaultChild.class, server.name(), fault.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            talk.toChild().send(new Handover(bystander.sender().share()));
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("done");

            assertThatThrownBy(() -> sendMany(talk.toChild(), bystander.sender()))
                    .isInstanceOf(fault.failure());
            assertThatThrownBy(() -> talk.toChild().trySend(new Handover(bystander.sender())))
                    .as("later calls").isInstanceOf(IpcException.class);

            bystander.sender().send("as before");
            assertThat(bystander.receiver().receive(Children.PATIENCE)).isEqualTo("as before");
            child.cue();
            child.awaitExit(0);
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    @Test
    void liveScribblerGetsNothingButRefusals() throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> bystander = Channel.create(String.class)) {
            ChildJvm child = children.start(ScribblingChild.class, server.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicInteger ofReceiver = new AtomicInteger();
            AtomicInteger ofSenders = new AtomicInteger();
            Waits<Void> receiver =
                    Waits.run(() -> receiveAll(talk.fromChild(), isOver, ofReceiver));
            Waits<Void> sender = Waits.run(() -> sendAll(talk.toChild(), isOver, ofSenders));

            long end = System.nanoTime() + SCRIBBLING.toNanos();
            for (int i = 0; System.nanoTime() - end < 0 // and, on a busy machine, longer
                    || ofReceiver.get() == 0 || ofSenders.get() == 0; i++) {
                bystander.sender().send("message " + i);
                assertThat(bystander.receiver().receive(Children.PATIENCE))
                        .isEqualTo("message " + i);
            }
            isOver.set(true);

            assertThat(receiver.value()).isNull();
            assertThat(sender.value()).isNull();
            child.kill();
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    private static void sendMany(Sender<Handover> sender, Sender<String> inside)
            throws InterruptedException {
        for (int i = 0; i < MESSAGES; i++) {
            Handover message = new Handover(inside.share());
            try {
                sender.send(message, Children.PATIENCE);
            } finally {
                message.sender().close(); // it is still ours if it was not sent
            }
        }
    }

    private static void receiveAll(Receiver<String> receiver, AtomicBoolean isOver,
            AtomicInteger refusals) throws InterruptedException {
        while (!isOver.get()) {
            try {
                receiver.receive(SHORT); // its contents do not matter
            } catch (TimedOut _) {
                // nothing yet
            } catch (ProtocolViolation | CodecFailed _) {
                int _ = refusals.incrementAndGet();
            }
        }
    }

    /// Sends through a new lane each time, since a lane ends with its first violation.
    private static void sendAll(Sender<Handover> sender, AtomicBoolean isOver,
            AtomicInteger refusals) throws InterruptedException {
        byte[] bytes = new byte[100];
        while (!isOver.get()) {
            try (Sender<byte[]> share = RawBytes.into(sender);
                    Sender<byte[]> lane = share.exclusive()) {
                for (int i = 0; i < MESSAGES; i++) {
                    try (Claim claim = lane.claim(bytes.length, SHORT)) {
                        claim.payload().copyFrom(MemorySegment.ofArray(bytes));
                        claim.commit();
                    }
                }
            } catch (TimedOut _) {
                // the ring appears full
            } catch (ProtocolViolation | Disconnected _) {
                int _ = refusals.incrementAndGet();
            }
        }
    }
}
