package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.ByteSink;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostileLane;
import dev.ipcchannel.testing.Libc;
import dev.ipcchannel.testing.Waits;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Codecs that catch the failure of an end in a message and deliver the message: a refused end is
/// closed all the same.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CaughtEndsTest {

    private static final int CONSTANT_SEALS = 15; // seal, shrink, grow, write

    /// A codec that delivers the name of an end's failure.
    private record Catching(BiConsumer<Encoder, Channel<String>> put,
            Function<Decoder, Object> take) implements Codec<Object> {

        @Override
        @SuppressWarnings("unchecked") // the tests send nothing else
        public void encode(Object message, Encoder out) {
            put.accept(out, (Channel<String>) message);
        }

        @Override
        public Object decode(Decoder in) {
            try {
                return take.apply(in);
            } catch (IpcException failure) {
                return failure.getClass().getSimpleName();
            }
        }
    }

    @RegisterExtension
    final Children children = new Children();

    @Test
    void senderOfAnotherTypeIsClosed() throws Exception {
        assertThatNothingIsLeft(CaughtEndsTest::putSender,
                in -> in.get(Sender.kind(Codec.of(Long.class))), "TypeMismatch");
    }

    @Test
    void receiverOfAnotherTypeIsClosed() throws Exception {
        assertThatNothingIsLeft(CaughtEndsTest::putReceiver,
                in -> in.get(Receiver.kind(Codec.of(Long.class))), "TypeMismatch");
    }

    @Test
    void senderTakenForAReceiverIsClosed() throws Exception {
        assertThatNothingIsLeft(CaughtEndsTest::putSender, in -> in.get(OpaqueReceiver.kind()),
                "CodecFailed");
    }

    @Test
    void receiverTakenForASenderIsClosed() throws Exception {
        assertThatNothingIsLeft(CaughtEndsTest::putReceiver, in -> in.get(OpaqueSender.kind()),
                "CodecFailed");
    }

    @Test
    void senderTakenForSharedBytesIsClosed() throws Exception {
        assertThatNothingIsLeft(CaughtEndsTest::putSender, in -> in.get(SharedBytes.kind()),
                "CodecFailed");
    }

    @Test
    void partThatCouldNotBeEncodedLeavesNothingInItsMessage() throws Exception {
        Codec<Channel<String>> failing = new Codec<>() {
            @Override
            public void encode(Channel<String> part, Encoder out) {
                out.putString("half of the part");
                out.put(part.sender());
                out.put(part.receiver());
                throw new IllegalStateException("the other half is missing");
            }

            @Override
            public Channel<String> decode(Decoder in) {
                throw new IllegalStateException("no part can have arrived");
            }
        };
        Codec<Object> codec = new Catching((out, part) -> {
            assertThatThrownBy(() -> out.put(part, failing))
                    .isInstanceOf(IllegalStateException.class);
            out.putString("without the part");
        }, Decoder::getString);
        try (Channel<Object> carrier = Channel.create(codec);
                Channel<String> part = Channel.create(String.class)) {
            carrier.sender().send(part);

            assertThat(carrier.receiver().receive()).isEqualTo("without the part");
            part.sender().send("stayed");
            assertThat(part.receiver().receive()).isEqualTo("stayed");
        }
    }

    @Test
    void receiverThatGotItsTypeInAMessageThatFailedIsClosed() throws Exception {
        Codec<Object> codec = new Catching(CaughtEndsTest::putReceiver, in -> {
            throw new IllegalStateException(
                    "no use for " + in.get(OpaqueReceiver.kind()).as(Codec.utf8()));
        });
        try (Channel<Object> carrier = Channel.create(codec);
                Channel<String> inner = Channel.create(String.class)) {
            inner.sender().send("unread");
            carrier.sender().send(inner);
            assertThatThrownBy(() -> carrier.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(CodecFailed.class);
            assertThatThrownBy(() -> inner.sender().send("nobody is there"))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void senderThatGotItsTypeInAMessageThatFailedIsClosed() throws Exception {
        Codec<Object> codec = new Catching(CaughtEndsTest::putSender, in -> {
            throw new IllegalStateException(
                    "no use for " + in.get(OpaqueSender.kind()).as(Codec.utf8()));
        });
        try (Channel<Object> carrier = Channel.create(codec);
                Channel<String> inner = Channel.create(String.class)) {
            carrier.sender().send(inner);
            assertThatThrownBy(() -> carrier.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(CodecFailed.class);
            assertThat(inner.receiver().isConnected()).isFalse();
        }
    }

    @Test
    void nestedValueThatFailsDoesNotHideTheRestOfTheMessage() throws Exception {
        Codec<String> failing = new Codec<>() {
            @Override
            public void encode(String message, Encoder out) {
                out.putString(message);
            }

            @Override
            public String decode(Decoder in) {
                throw new CodecFailed("as it is meant to");
            }
        };
        Codec<Object> codec = new Catching((out, _) -> {
            out.put("", failing);
            out.putLong(42);
        }, in -> {
            try {
                return in.get(failing);
            } catch (CodecFailed _) {
                return in.getByte() + in.getLong();
            }
        });
        try (Channel<Object> carrier = Channel.create(codec);
                Channel<String> inner = Channel.create(String.class)) {
            carrier.sender().send(inner);
            assertThat(carrier.receiver().receive(Children.PATIENCE)).isEqualTo(42L);
        }
    }

    @Test
    void lackOfMemoryForSharedBytesIsNoRefusalAndOfThePublicKind() throws Exception {
        Sockets.Pair pair = Sockets.pair();
        long length = 1L << 62; // more than there are addresses
        Descriptor file = Libc.memoryFile(length, CONSTANT_SEALS);
        ByteSink bytes = new ByteSink();
        bytes.putInt(1);
        bytes.putInt(1);
        bytes.putLong(length);
        Inbox inbox = new Inbox(pair.second(), new LaneSettings(4096, 0, 1 << 20, ""), null);
        try (Receiver<Object> receiver = new Receiver<>(inbox,
                new Catching(CaughtEndsTest::putSender, in -> in.get(SharedBytes.kind())),
                new Origin())) {
            HostileLane lane = HostileLane.announce(pair.first(), 4096);
            lane.send(bytes.toByteArray(), List.of(file));
            file.close();

            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("ResourceExhausted");

            lane.close();
            pair.first().close();
        }
    }

    @Test
    void receiverThatWasInUseMayBeTriedAgain() throws Exception {
        try (Channel<String> inner = Channel.create(String.class)) {
            Waits<String> busy = Waits.in(inner.receiver()::receive).asleep();
            Codec<Object> codec = new Catching((out, _) -> {
                assertThatThrownBy(() -> out.put(inner.receiver()))
                        .hasMessageContaining("one thread at a time");
                await(inner.sender(), busy);
                out.put(inner.receiver());
            }, in -> {
                in.get(Receiver.kind(Codec.utf8())).close();
                return "moved";
            });
            try (Channel<Object> carrier = Channel.create(codec)) {
                carrier.sender().send(inner);
                assertThat(carrier.receiver().receive(Children.PATIENCE)).isEqualTo("moved");
            }
        }
    }

    private static void await(Sender<String> sender, Waits<String> receive) {
        try {
            sender.send("go on");
            assertThat(receive.value()).isEqualTo("go on");
        } catch (InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void putSender(Encoder out, Channel<String> channel) {
        out.put(channel.sender());
    }

    private static void putReceiver(Encoder out, Channel<String> channel) {
        out.put(channel.receiver());
    }

    private static void assertThatNothingIsLeft(BiConsumer<Encoder, Channel<String>> put,
            Function<Decoder, Object> take, String failure) throws Exception {
        try (Channel<Object> carrier = Channel.create(new Catching(put, take))) {
            passOn(carrier, failure); // makes the lane
            long before = Children.descriptors();

            passOn(carrier, failure);

            assertThat(Children.descriptors()).isEqualTo(before);
        }
    }

    private static void passOn(Channel<Object> carrier, String failure) throws Exception {
        try (Channel<String> inner = Channel.create(String.class)) {
            inner.sender().send("unread");
            carrier.sender().send(inner);
            assertThat(carrier.receiver().receive(Children.PATIENCE)).isEqualTo(failure);
        }
    }
}
