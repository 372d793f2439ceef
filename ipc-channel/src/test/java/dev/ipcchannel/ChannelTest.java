package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The behaviour of a channel with both ends in one thread: no test waits for another thread.
@Timeout(30)
class ChannelTest {

    private static final Duration NOT_LONG = Duration.ofMillis(1);
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    private final Channel<String> channel = Channel.create(String.class, SMALL);
    private final Sender<String> sender = channel.sender();
    private final Receiver<String> receiver = channel.receiver();

    @AfterEach
    void close() {
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Ada", "", "é\u00FF", "日本語", "\uD83D\uDE00 smile", "a\u0000b", "\uFFFD"})
    void stringsArriveAsTheyWereSent(String text) throws Exception {
        sender.send(text);

        assertThat(receiver.receive()).isEqualTo(text);
    }

    @Test
    void messagesArriveInOrder() throws Exception {
        List<String> sent = List.of("one", "two", "three");
        for (String message : sent) {
            sender.send(message);
        }

        assertThat(List.of(receiver.receive(), receiver.receive(), receiver.receive()))
                .isEqualTo(sent);
    }

    @Test
    void tryReceiveDistinguishesNothingYetFromNothingEver() throws Exception {
        assertThat(receiver.tryReceive()).isNull();
        sender.send("x");
        assertThat(receiver.tryReceive()).isEqualTo("x");
        assertThat(receiver.tryReceive()).isNull();

        sender.close();

        assertThatThrownBy(receiver::tryReceive).isInstanceOf(Disconnected.class)
                .hasMessageContaining("every sender has been closed");
    }

    @Test
    void whatWasSentBeforeTheCloseIsReceivedFirst() throws Exception {
        sender.send("last words");
        sender.close();

        assertThat(receiver.receive()).isEqualTo("last words");
        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
    }

    @Test
    void aSenderThatNeverSentIsMissedToo() {
        sender.close();

        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverThatWaitsLearnsThatTheLastSenderWasClosed(WaitStrategy strategy)
            throws Exception {
        for (boolean hasLane : List.of(false, true)) {
            Channel<String> own = Channel.create(String.class,
                    ChannelOptions.defaults().withWaitStrategy(strategy));
            if (hasLane) {
                own.sender().send("heard");
                assertThat(own.receiver().receive(Children.PATIENCE)).isEqualTo("heard");
            }
            Waits<String> receive = Waits.in(own.receiver()::receive);
            if (strategy == WaitStrategy.SPIN) {
                receive.spinning();
            } else {
                receive.asleep();
            }

            own.sender().close();

            receive.failure().isInstanceOf(Disconnected.class);
            own.close();
        }
    }

    @Test
    void theChannelLivesAsLongAsOneSharedSenderDoes() throws Exception {
        Sender<String> other = sender.share();
        sender.close();
        other.send("still here");
        assertThat(receiver.receive()).isEqualTo("still here");

        other.close();

        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
    }

    @Test
    void anExclusiveSenderHasItsOwnRing() throws Exception {
        try (Sender<String> exclusive = sender.exclusive()) {
            exclusive.send("fast");
            assertThat(receiver.receive()).isEqualTo("fast");
        }
        sender.close();

        assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class);
    }

    @Test
    void sendersLearnThatTheReceiverWasClosed() throws Exception {
        sender.send("unread");
        receiver.close();

        assertThatThrownBy(() -> sender.send("x")).isInstanceOf(Disconnected.class)
                .hasMessageContaining("the receiver was closed");
        assertThatThrownBy(() -> sender.trySend("x")).isInstanceOf(Disconnected.class);
        assertThatThrownBy(() -> sender.claim(1)).isInstanceOf(Disconnected.class);
    }

    @Test
    void aSenderThatNeverSentLearnsThatTheReceiverWasClosed() {
        receiver.close();

        assertThatThrownBy(() -> sender.send("x")).isInstanceOf(Disconnected.class);
    }

    @Test
    void sharingWorksWhenTheReceiverIsGone() {
        receiver.close();

        try (Sender<String> shared = sender.share()) {
            assertThatThrownBy(() -> shared.send("x")).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void aFullRingIsAnAnswerAndRoomComesBack() throws Exception {
        String message = "x".repeat(900); // in 15 lines
        int sent = 0;
        while (sender.trySend(message) == SendOutcome.SENT) {
            sent++;
        }
        assertThat(sent).isEqualTo(4);
        assertThatThrownBy(() -> sender.send(message, NOT_LONG)).isInstanceOf(TimedOut.class);

        for (int i = 0; i < sent; i++) {
            assertThat(receiver.receive()).isEqualTo(message);
        }

        assertThat(sender.trySend(message)).isEqualTo(SendOutcome.SENT);
    }

    @Test
    void receiveWithTimeoutThrowsWhenNothingComes() throws Exception {
        assertThatThrownBy(() -> receiver.receive(NOT_LONG)).isInstanceOf(TimedOut.class)
                .hasMessageContaining("timeout=1 ms");
        sender.send("x");
        assertThat(receiver.receive(NOT_LONG)).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource(WaitStrategy.class)
    void aDeadlineEndsTheWaitOfEveryStrategy(WaitStrategy strategy) {
        try (Channel<String> other =
                Channel.create(String.class, SMALL.withWaitStrategy(strategy))) {
            assertThatThrownBy(() -> other.receiver().receive(NOT_LONG))
                    .isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void closedEndsSaySo() {
        channel.close();

        assertThatThrownBy(() -> sender.send("x")).isInstanceOf(EndClosed.class);
        assertThatThrownBy(sender::share).isInstanceOf(EndClosed.class);
        assertThatThrownBy(receiver::receive).isInstanceOf(EndClosed.class);
        assertThat(sender.toString()).contains("closed");
        assertThat(receiver.toString()).contains("closed");
    }

    @Test
    void aCodecMaySendOnTheSameChannelWhileItEncodes() throws Exception {
        List<Sender<String>> self = new ArrayList<>();
        Codec<String> talkative = new Codec<>() {
            @Override
            public void encode(String message, Encoder out) {
                if (message.equals("outer")) {
                    assertThat(self.getFirst().trySend("inner")).isEqualTo(SendOutcome.SENT);
                }
                out.putBytes(message.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public String decode(Decoder in) {
                return Codec.utf8().decode(in);
            }
        };
        try (Channel<String> other = Channel.create(talkative, SMALL)) {
            self.add(other.sender());
            other.sender().send("outer");

            assertThat(other.receiver().receive()).isEqualTo("inner");
            assertThat(other.receiver().receive()).isEqualTo("outer");
        }
    }

    @Test
    void messagesAreWrittenAndReadInPlace() throws Exception {
        try (Claim claim = sender.claim(5)) {
            MemorySegment.copy(new byte[]{'h', 'e', 'l', 'l', 'o'}, 0, claim.memory(),
                    ValueLayout.JAVA_BYTE, claim.offset(), 5);
            claim.commit();
        }
        List<Long> lengths = new ArrayList<>();

        int handled = receiver.receive((ring, offset, length) -> {
            assertThat(ring.isReadOnly()).isTrue();
            assertThat(ring.get(ValueLayout.JAVA_BYTE, offset)).isEqualTo((byte) 'h');
            lengths.add(length);
        }, 10);

        assertThat(handled).isEqualTo(1);
        assertThat(lengths).containsExactly(5L);
        assertThat(receiver.tryReceive((_, _, _) -> {}, 1)).isZero();
    }

    @Test
    void aClaimThatIsNotCommittedSendsNothing() throws Exception {
        try (Claim claim = sender.claim(100)) {
            claim.payload().fill((byte) 1);
        }
        sender.send("next");

        assertThat(receiver.receive()).isEqualTo("next");
    }

    @Test
    void anOpenClaimRefusesOtherVerbsOfItsThread() throws Exception {
        try (Claim _ = sender.claim(8)) {
            assertThatThrownBy(() -> sender.claim(8)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("commit or close it first");
            assertThatThrownBy(() -> sender.send("x")).isInstanceOf(IllegalStateException.class);
        }
        sender.send("x");
        assertThat(receiver.receive()).isEqualTo("x");
    }

    @Test
    void aClaimOutlivesNeitherItsCommitNorItsSender() throws Exception {
        Claim committed = sender.claim(8);
        committed.commit();
        assertThatThrownBy(committed::commit).isInstanceOf(IllegalStateException.class);
        Claim open = sender.claim(8);
        MemorySegment ring = open.memory();

        channel.close();

        assertThatThrownBy(() -> ring.get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        open.close();
    }

    @Test
    void aMessageWhoseHandlerThrewIsConsumed() throws Exception {
        sender.send("bad");
        sender.send("good");

        assertThatThrownBy(() -> receiver.receive((_, _, _) -> {
            throw new UnsupportedOperationException("handler");
        }, 1)).isInstanceOf(UnsupportedOperationException.class);

        assertThat(receiver.receive()).isEqualTo("good");
    }

    @Test
    void aHandlerThatClosesItsReceiverGetsNoMoreMessages() throws Exception {
        sender.send("one");
        sender.send("two");

        int handled = receiver.receive((_, _, _) -> receiver.close(), 10);

        assertThat(handled).isEqualTo(1);
        assertThatThrownBy(receiver::receive).isInstanceOf(EndClosed.class);
    }

    @Test
    void optionsOutOfBoundsAreRefusedWithTheLimits() {
        assertThatThrownBy(() -> SMALL.withCapacity(5000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 4096 to 1073741824: capacity=5000");
        assertThatThrownBy(() -> SMALL.withSpin(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
