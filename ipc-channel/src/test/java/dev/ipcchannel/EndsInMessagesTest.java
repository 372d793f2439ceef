package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Channel ends inside messages, within one process: the kernel moves them as it does between two.
@Timeout(30)
class EndsInMessagesTest {

    record Named(String name, Sender<String> sender) {}

    record Carried(Receiver<String> receiver) {}

    record Twins(Sender<String> first, Sender<String> second) {}

    record Nested(Carried carried, Duplex<String, byte[]> duplex) {}

    record Ring(Ring next) {}

    record Odd(Object thing) {}

    @Test
    void aSenderThatTravelledReachesItsReceiver() throws Exception {
        try (Channel<Named> carrier = Channel.create(Named.class);
                Channel<String> cargo = Channel.create(String.class)) {
            carrier.sender().send(new Named("Ada", cargo.sender()));

            Named named = carrier.receiver().receive();
            named.sender().send("hello");

            assertThat(named.name()).isEqualTo("Ada");
            assertThat(cargo.receiver().receive()).isEqualTo("hello");
            named.sender().close();
            assertThatThrownBy(() -> cargo.receiver().receive()).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void endThatWasClosedIsNamedByItsPlaceInTheMessage() {
        record Local(Sender<String> end) {}
        try (Channel<Named> carrier = Channel.create(Named.class);
                Channel<Local> local = Channel.create(Local.class, ChannelOptions.defaults());
                Channel<String> cargo = Channel.create(String.class)) {
            Sender<String> end = cargo.sender();
            end.close();

            assertThatThrownBy(() -> carrier.sender().send(new Named("x", end)))
                    .isInstanceOf(EndClosed.class).hasNoCause()
                    .hasMessage("Named.sender cannot be sent: this sender was closed");
            assertThatThrownBy(() -> local.sender().send(new Local(end)))
                    .hasMessage("Local.end cannot be sent: this sender was closed");
            assertThatThrownBy(() -> end.send("x")).isInstanceOf(EndClosed.class)
                    .hasMessage("this sender was closed: type=String");
        }
    }

    @Test
    void receiverOfASenderThatHasNotSentSaysSo() {
        try (Channel<String> channel = Channel.create(String.class)) {
            assertThatThrownBy(() -> channel.receiver().receive(Duration.ZERO))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no sender has sent yet, waiting=0 messages");
        }
    }

    @Test
    void aSenderThatMovedIsUsedUpHere() throws Exception {
        try (Channel<Named> carrier = Channel.create(Named.class);
                Channel<String> cargo = Channel.create(String.class)) {
            carrier.sender().send(new Named("gone", cargo.sender()));

            assertThatThrownBy(() -> cargo.sender().send("x")).isInstanceOf(EndClosed.class)
                    .hasMessageContaining("share()");
            assertThatThrownBy(() -> carrier.sender().send(new Named("x", cargo.sender())))
                    .isInstanceOf(EndClosed.class);
            carrier.receiver().receive().sender().close();
        }
    }

    @Test
    void sharingBeforeSendingKeepsASender() throws Exception {
        try (Channel<Named> carrier = Channel.create(Named.class);
                Channel<String> cargo = Channel.create(String.class)) {
            carrier.sender().send(new Named("copy", cargo.sender().share()));

            cargo.sender().send("kept");

            assertThat(cargo.receiver().receive()).isEqualTo("kept");
            carrier.receiver().receive().sender().close();
        }
    }

    @Test
    void oneSenderTwiceInAMessageArrivesAsTwo() throws Exception {
        try (Channel<Twins> carrier = Channel.create(Twins.class);
                Channel<String> cargo = Channel.create(String.class)) {
            carrier.sender().send(new Twins(cargo.sender(), cargo.sender()));

            Twins twins = carrier.receiver().receive();
            twins.first().send("1");
            assertThat(cargo.receiver().receive()).isEqualTo("1");
            twins.first().close();
            twins.second().send("2");

            assertThat(cargo.receiver().receive()).isEqualTo("2");
            twins.second().close();
        }
    }

    @Test
    void aReceiverMovesWithTheMessagesNotYetReceived() throws Exception {
        try (Channel<Carried> carrier = Channel.create(Carried.class);
                Channel<String> cargo = Channel.create(String.class)) {
            for (String message : List.of("1", "2", "3")) {
                cargo.sender().send(message);
            }
            assertThat(cargo.receiver().receive()).isEqualTo("1");
            carrier.sender().send(new Carried(cargo.receiver()));
            cargo.sender().send("4");

            try (Receiver<String> moved = carrier.receiver().receive().receiver()) {
                assertThat(moved.receive()).isEqualTo("2");
                assertThat(moved.receive()).isEqualTo("3");
                assertThat(moved.receive()).isEqualTo("4");
            }
            assertThatThrownBy(() -> cargo.receiver().receive()).isInstanceOf(EndClosed.class);
        }
    }

    /// Two such records fit into the ring and a third does not, so each lap ends with padding.
    @Test
    void endsArriveAlsoWhereTheirRecordStartsAfterPadding() throws Exception {
        try (Channel<Named> carrier =
                Channel.create(Named.class, ChannelOptions.defaults().withCapacity(4096));
                Channel<String> cargo = Channel.create(String.class)) {
            for (int i = 0; i < 100; i++) {
                String name = "x".repeat(1400 + i);
                carrier.sender().send(new Named(name, cargo.sender().share()));

                Named named = carrier.receiver().receive(Children.PATIENCE);
                assertThat(named.name()).isEqualTo(name);
                named.sender().send("by way of " + i);
                named.sender().close();

                assertThat(cargo.receiver().receive(Children.PATIENCE))
                        .isEqualTo("by way of " + i);
            }
            cargo.sender().close();
            assertThatThrownBy(() -> cargo.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class); // none of the ends was lost on its way
        }
    }

    @Test
    void aReceiverInsideAReceiverKeepsItsOwnMessages() throws Exception {
        try (Channel<Carried> outer = Channel.create(Carried.class);
                Channel<Carried> middle = Channel.create(Carried.class);
                Channel<String> inner = Channel.create(String.class)) {
            inner.sender().send("cookie");
            middle.sender().send(new Carried(inner.receiver()));
            outer.sender().send(new Carried(inner(middle)));

            Receiver<String> dug = outer.receiver().receive().receiver();

            assertThat(dug.receive()).isEqualTo("cookie");
            dug.close();
        }
    }

    private static Receiver<String> inner(Channel<Carried> middle) throws InterruptedException {
        return middle.receiver().receive().receiver();
    }

    @Test
    void recordsNestAndDuplexesTravel() throws Exception {
        Duplex.Pair<String, byte[]> pair = Duplex.create(String.class, byte[].class);
        try (Channel<Nested> carrier = Channel.create(Nested.class);
                Channel<String> cargo = Channel.create(String.class)) {
            carrier.sender().send(new Nested(new Carried(cargo.receiver()), pair.near()));

            Nested nested = carrier.receiver().receive();
            nested.duplex().send("question");
            assertThat(pair.far().receive()).isEqualTo("question");
            pair.far().send(new byte[]{42});

            assertThat(nested.duplex().receive()).containsExactly(42);
            nested.carried().receiver().close();
            nested.duplex().close();
            pair.far().close();
        }
    }

    @Test
    void endsInAMessageThatIsNotSentStayWhereTheyAre() throws Exception {
        try (Channel<Named> carrier =
                Channel.create(Named.class, ChannelOptions.defaults().withMaxMessage(4096));
                Channel<String> cargo = Channel.create(String.class)) {
            assertThatThrownBy(
                    () -> carrier.sender().send(new Named("x".repeat(5000), cargo.sender())))
                    .isInstanceOf(MessageTooLarge.class);

            cargo.sender().send("still mine");

            assertThat(cargo.receiver().receive()).isEqualTo("still mine");
        }
    }

    @Test
    void endsNotReceivedAreClosedWithTheChannelThatCarriesThem() throws Exception {
        try (Channel<String> cargo = Channel.create(String.class)) {
            try (Channel<Named> carrier = Channel.create(Named.class)) {
                carrier.sender().send(new Named("lost", cargo.sender()));
            }

            assertThatThrownBy(() -> cargo.receiver().receive()).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void aReceiverIsNotSentToItself() {
        Codec<Receiver<String>> codec = new Codec<>() {
            @Override
            public void encode(Receiver<String> message, Encoder out) {
                out.put(message);
            }

            @Override
            public Receiver<String> decode(Decoder in) {
                return in.get(Receiver.kind(Codec.utf8()));
            }
        };
        try (Channel<Receiver<String>> channel =
                Channel.create(codec, ChannelOptions.defaults())) {
            @SuppressWarnings({"unchecked", "rawtypes"}) // a mistake that types do not prevent
            Receiver<String> itself = (Receiver) channel.receiver();

            assertThatThrownBy(() -> channel.sender().send(itself))
                    .isInstanceOf(CodecFailed.class).hasMessageContaining("sent to itself");
        }
    }

    @Test
    void typesWithoutACodecAreRefusedWithThePathToThem() {
        assertThatThrownBy(() -> Codec.of(Odd.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Odd.thing");
        assertThatThrownBy(() -> Codec.of(Ring.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a value of itself").hasMessageContaining("in=Ring");
    }

    @Test
    void aComponentThatIsNullIsRefusedByItsName() {
        try (Channel<Carried> carrier = Channel.create(Carried.class)) {
            @SuppressWarnings("NullAway") // the mistake to be made
            Carried empty = new Carried(null);

            assertThatThrownBy(() -> carrier.sender().send(empty)).isInstanceOf(CodecFailed.class)
                    .hasMessageContaining("Carried.receiver is null");
        }
    }
}
