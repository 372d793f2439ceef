package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.RawBytes;
import dev.ipcchannel.testing.Senders;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Estate;
import dev.ipcchannel.testing.children.Handover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends of channels that travel inside one process, in the same way as between two.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovedEndsTest {

    private static final int MOVES = 200;
    private static final int MANY = 600; // more than two packets can carry
    private static final int UNREAD_PACKETS = 64;

    /// A message with the same sender twice.
    record Twins(Sender<String> first, Sender<String> second) {}

    /// A message with the same receiver twice.
    record ReceiverTwins(Receiver<String> first, Receiver<String> second) {}

    /// A message whose receiver is sent with a receiver of its own kind.
    record Handovers(Receiver<Handover> receiver) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void receiverThatMovesAgainAndAgainUnderTrafficLosesNothing() throws Exception {
        try (Channel<String> work = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(4096));
                Channel<Estate> carrier = Channel.create(Estate.class)) {
            Waits<Void> writer = Waits.run(() -> {
                for (int i = 0; i < 3 * MOVES; i++) {
                    work.sender().send("message " + i);
                }
                work.sender().close();
            });
            Receiver<String> receiver = work.receiver();
            for (int i = 0; i < 3 * MOVES; i++) {
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("message " + i);
                if (i % 3 == 0) {
                    carrier.sender().send(new Estate(receiver));
                    receiver = carrier.receiver().receive(Children.PATIENCE).receiver();
                }
            }
            writer.value();
            Receiver<String> last = receiver;
            assertThatThrownBy(() -> last.receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
            last.close();
        }
    }

    @Test
    void receiverMovesWithTheEndsInItsUnreadMessages() throws Exception {
        try (Channel<String> answers = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class);
                Channel<Handovers> carrier = Channel.create(Handovers.class)) {
            for (int i = 0; i < 5; i++) {
                handovers.sender().send(new Handover(answers.sender().share()));
            }
            // This takes the descriptors of all five off the socket.
            handovers.receiver().receive(Children.PATIENCE).sender().close();

            carrier.sender().send(new Handovers(handovers.receiver()));
            try (Receiver<Handover> moved =
                    carrier.receiver().receive(Children.PATIENCE).receiver()) {
                for (int i = 0; i < 4; i++) {
                    try (Sender<String> sender = moved.receive(Children.PATIENCE).sender()) {
                        sender.send("answer " + i);
                    }
                    assertThat(answers.receiver().receive(Children.PATIENCE))
                            .isEqualTo("answer " + i);
                }
            }
        }
    }

    @Test
    void sameSenderTwiceInOneMessageArrivesAsTwo() throws Exception {
        try (Channel<String> answers = Channel.create(String.class);
                Channel<Twins> carrier = Channel.create(Twins.class)) {
            carrier.sender().send(new Twins(answers.sender(), answers.sender()));
            Twins twins = carrier.receiver().receive(Children.PATIENCE);

            twins.first().send("one");
            twins.first().close();
            twins.second().send("two");
            twins.second().close();

            List<String> received = new ArrayList<>();
            received.add(answers.receiver().receive(Children.PATIENCE));
            received.add(answers.receiver().receive(Children.PATIENCE));
            assertThat(received).containsExactlyInAnyOrder("one", "two");
            assertThatThrownBy(() -> answers.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void sameReceiverTwiceInOneMessageIsRefusedAndStays() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<ReceiverTwins> carrier = Channel.create(ReceiverTwins.class)) {
            assertThatThrownBy(() -> carrier.sender()
                    .send(new ReceiverTwins(work.receiver(), work.receiver())))
                    .hasMessageContaining("is in this message already");

            work.sender().send("hello");
            assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo("hello");
        }
    }

    @Test
    void messageMayCarryMoreEndsThanAPacket() throws Exception {
        try (Channel<String> answers = Channel.create(String.class);
                Channel<List<Sender<String>>> carrier =
                        Channel.create(new Senders(), ChannelOptions.defaults())) {
            List<Sender<String>> senders = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                senders.add(answers.sender().share());
            }
            carrier.sender().send(senders);
            answers.sender().close();

            List<Sender<String>> received = carrier.receiver().receive(Children.PATIENCE);

            assertThat(received).hasSize(MANY);
            received.getLast().send("the last works");
            assertThat(answers.receiver().receive(Children.PATIENCE)).isEqualTo("the last works");
            received.forEach(Sender::close);
            assertThatThrownBy(() -> answers.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void unreadEndsAreClosedWithTheReceiverThatWouldHaveGotThem() throws Exception {
        try (Channel<String> lost = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            handovers.sender().send(new Handover(lost.sender()));
            handovers.receiver().close();

            assertThatThrownBy(() -> lost.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void endsOfAMessageThatIsNotSentStayWhereTheyAre() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> full = Channel.create(Handover.class);
                Channel<Estate> gone = Channel.create(Estate.class)) {
            for (int i = 0; i < UNREAD_PACKETS; i++) {
                full.sender().send(new Handover(work.sender().share()));
            }
            gone.receiver().close();

            assertThat(full.sender().trySend(new Handover(work.sender())))
                    .isEqualTo(SendOutcome.FULL);
            assertThatThrownBy(() -> full.sender().send(new Handover(work.sender()),
                    Duration.ofMillis(20))).isInstanceOf(TimedOut.class);
            assertThatThrownBy(() -> gone.sender().send(new Estate(work.receiver())))
                    .isInstanceOf(Disconnected.class);

            work.sender().send("both still work");
            assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo("both still work");
        }
    }

    @Test
    void receiverCannotBeSentToItself() throws Exception {
        Codec<Object> codec = new Codec<>() {
            @Override
            public void encode(Object message, Encoder out) {
                out.put((Receiver<?>) message);
            }

            @Override
            public Object decode(Decoder in) {
                return in.get(Receiver.kind(this));
            }
        };
        try (Channel<Object> loop = Channel.create(codec, ChannelOptions.defaults())) {
            assertThatThrownBy(() -> loop.sender().send(loop.receiver()))
                    .isInstanceOf(CodecFailed.class).hasMessageContaining("itself");

            assertThat(loop.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void senderWaitsForUnreadEndsLikeForAFullRing() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            for (int i = 0; i < UNREAD_PACKETS; i++) {
                handovers.sender().send(new Handover(work.sender().share()));
            }
            Waits<Void> send =
                    Waits.run(() -> handovers.sender().send(new Handover(work.sender().share())))
                            .asleep();

            handovers.receiver().receive(Children.PATIENCE).sender().close();

            send.value();
            for (int i = 0; i < UNREAD_PACKETS; i++) {
                handovers.receiver().receive(Children.PATIENCE).sender().close();
            }
        }
    }

    @Test
    void receiverIsClosedAtOnceWhileAMessageThatTakesItAlongWaits() throws Exception {
        try (Channel<Estate> carrier = Channel.create(Estate.class,
                ChannelOptions.defaults().withCapacity(4096));
                Channel<String> estate = Channel.create(String.class)) {
            try (Sender<byte[]> filler = RawBytes.into(carrier.sender())) {
                for (Claim room = filler.tryClaim(0); room != null; room = filler.tryClaim(0)) {
                    room.commit();
                }
            }
            Waits<Void> send = Waits
                    .run(() -> carrier.sender().send(new Estate(estate.receiver()))).asleep();

            Waits.run(estate.receiver()::close).value();
            assertThatThrownBy(() -> estate.receiver().tryReceive()).isInstanceOf(EndClosed.class);
            send.thread().interrupt();

            send.failure().isInstanceOf(InterruptedException.class);
            assertThatThrownBy(() -> estate.sender().send("anybody?"))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void senderThatWaitsForUnreadEndsCanBeInterrupted() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            for (int i = 0; i < UNREAD_PACKETS; i++) {
                handovers.sender().send(new Handover(work.sender().share()));
            }
            Waits<Void> send =
                    Waits.run(() -> handovers.sender().send(new Handover(work.sender())));

            send.thread().interrupt();

            send.failure().isInstanceOf(InterruptedException.class);
            work.sender().send("stayed here");
            assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo("stayed here");
        }
    }
}
