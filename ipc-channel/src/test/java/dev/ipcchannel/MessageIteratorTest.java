package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A loop over a receiver.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageIteratorTest {

    private static final int COUNT = 1000;

    /// A message that takes a receiver along.
    record Parcel(Receiver<String> receiver) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void loopGetsEveryMessageInOrderAndEndsWithTheLastSender() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class)) {
            Waits<Void> sending = Waits.run(() -> {
                for (int i = 0; i < COUNT; i++) {
                    channel.sender().send(i);
                }
                channel.sender().close();
            });

            int next = 0;
            for (int message : channel.receiver()) {
                assertThat(message).isEqualTo(next++);
            }

            assertThat(next).isEqualTo(COUNT);
            sending.value();
        }
    }

    @Test
    void messageThatHasNextHasSeenIsTheNextOneForAnyThread() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("seen");
            channel.sender().send("second");

            assertThat(channel.receiver().iterator().hasNext()).isTrue();
            assertThat(channel.receiver().iterator().hasNext()).as("again").isTrue();

            assertThat(channel.receiver().receive()).isEqualTo("seen");
            assertThat(channel.receiver().tryReceive()).isEqualTo("second");
        }
    }

    @Test
    void messageThatHasNextHasSeenComesFirstAmongManySenders() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> other = channel.sender().exclusive()) {
            for (int i = 0; i < 3; i++) {
                channel.sender().send("of one " + i);
                other.send("of the other " + i);
            }

            List<String> received = new ArrayList<>();
            Iterator<String> messages = channel.receiver().iterator();
            for (int i = 0; i < 6; i++) {
                assertThat(messages.hasNext()).isTrue();
                received.add(messages.next());
            }

            List<String> inTurn = List.of("of one 0", "of the other 0", "of one 1",
                    "of the other 1", "of one 2", "of the other 2");
            List<String> otherFirst = List.of("of the other 0", "of one 0", "of the other 1",
                    "of one 1", "of the other 2", "of one 2");
            assertThat(received).as("none waits for the other's end").isIn(inTurn, otherFirst);
        }
    }

    @Test
    void receiverMovesWithTheMessageThatHasNextHasSeen() throws Exception {
        try (Channel<Parcel> carrier = Channel.create(Parcel.class);
                Channel<String> work = Channel.create(String.class)) {
            work.sender().send("seen");
            assertThat(work.receiver().iterator().hasNext()).isTrue();

            carrier.sender().send(new Parcel(work.receiver()));

            try (Receiver<String> arrived = carrier.receiver().receive().receiver()) {
                assertThat(arrived.receive()).isEqualTo("seen");
            }
        }
    }

    @Test
    void nextAtTheEndIsNoSuchElement() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().close();
            Iterator<String> messages = channel.receiver().iterator();

            assertThat(messages.hasNext()).isFalse();
            assertThatThrownBy(messages::next).isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("every sender has been closed");
        }
    }

    @Test
    void interruptIsACancellationThatKeepsTheFlagAndLosesNothing() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<Boolean> waiting = Waits.in(() -> {
                assertThatThrownBy(() -> channel.receiver().iterator().hasNext())
                        .isInstanceOf(CancellationException.class)
                        .hasMessageContaining("interrupted");
                return Thread.currentThread().isInterrupted();
            }).asleep();

            waiting.thread().interrupt();

            assertThat(waiting.value()).as("the flag").isTrue();
            channel.sender().send("later");
            assertThat(channel.receiver().receive()).isEqualTo("later");
        }
    }

    @Test
    void closeByAnotherThreadEndsTheLoopWithAFailure() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<Boolean> waiting = Waits.in(channel.receiver().iterator()::hasNext).asleep();

            channel.receiver().close();

            waiting.failure().isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void whileALoopWaitsNoOtherThreadReceivesAndTheReceiverDoesNotMove() throws Exception {
        try (Channel<Parcel> carrier = Channel.create(Parcel.class);
                Channel<String> work = Channel.create(String.class)) {
            Waits<Boolean> waiting = Waits.in(work.receiver().iterator()::hasNext).asleep();

            assertThatThrownBy(work.receiver()::tryReceive)
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> carrier.sender().send(new Parcel(work.receiver())))
                    .hasRootCauseInstanceOf(IllegalStateException.class);

            work.sender().send("goes on");
            assertThat(waiting.value()).isTrue();
            assertThat(work.receiver().receive()).isEqualTo("goes on");
        }
    }

    @Test
    void bytesThatAreNoMessageFailAndTheNextMessageComes() throws Exception {
        try (Channel<String> channel = Channel.create(new Picky())) {
            channel.sender().send("bad");
            channel.sender().send("good");
            Iterator<String> messages = channel.receiver().iterator();

            assertThat(messages.hasNext()).isTrue();
            assertThatThrownBy(messages::next).isInstanceOf(CodecFailed.class);
            assertThat(messages.next()).isEqualTo("good");
        }
    }

    /// A codec that cannot read one word.
    private static final class Picky implements Codec<String> {

        @Override
        public void encode(String message, Encoder out) {
            out.putString(message);
        }

        @Override
        public String decode(Decoder in) {
            String message = in.getString();
            if (message.equals("bad")) {
                throw new IllegalArgumentException("a bad word");
            }
            return message;
        }
    }
}
