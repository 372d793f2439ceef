package dev.ipcchannel.select;

import static dev.ipcchannel.testing.Selections.message;
import static dev.ipcchannel.testing.Selections.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Waits on many receivers, which find the messages of any of them.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiverSetTest {

    private static final Duration NOT_LONG = Duration.ofMillis(10);
    private static final int MEBIBYTE = 1024 * 1024;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void messagesOfTwoReceiversAreFoundOnceEach() throws Exception {
        try (Channel<String> first = Channel.create(String.class);
                Channel<Integer> second = Channel.create(Integer.class);
                ReceiverSet<Object> set = ReceiverSet.open()) {
            set.add(first.receiver());
            set.add(second.receiver());

            first.sender().send("one");
            assertThat(set.select()).containsExactly(message(first, "one"));
            second.sender().send(2);
            assertThat(set.select()).containsExactly(message(second, 2));

            first.sender().send("three");
            second.sender().send(4);
            assertThat(take(set, 2)).containsExactlyInAnyOrder(message(first, "three"),
                    message(second, 4));
            assertThat(set.trySelect()).isEmpty();
        }
    }

    @Test
    void looksFindNothingAMessageNothingOneEndAndNothingAgain() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            assertThat(set.trySelect()).isEmpty();

            channel.sender().send("hello");
            assertThat(set.trySelect()).containsExactly(message(channel, "hello"));
            assertThat(set.trySelect()).isEmpty();

            channel.sender().close();
            assertThat(set.trySelect()).singleElement().satisfies(event -> assertThat(event)
                    .isInstanceOfSatisfying(ReceiverEvent.Closed.class, closed -> assertThat(
                            closed.cause()).isInstanceOf(Disconnected.class)));
            assertThat(set.trySelect()).isEmpty();
            assertThat(set.isEmpty()).isTrue();
        }
    }

    @Test
    void waitIsNotShorterThanItsTimeout() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            long start = System.nanoTime();

            assertThat(set.select(NOT_LONG)).isEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(NOT_LONG);
            channel.sender().send("late");
            assertThat(set.select(NOT_LONG)).containsExactly(message(channel, "late"));
        }
    }

    @Test
    void selectSleepsUntilAMessageComes() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            for (int i = 0; i < 300; i++) { // more than a socket holds unread bells
                Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

                channel.sender().send("wake up");

                assertThat(select.value()).containsExactly(message(channel, "wake up"));
            }
        }
    }

    @Test
    void memberAtRestIsFoundAmongManyThatRest() throws Exception {
        int count = 1000;
        List<Channel<Integer>> channels = new ArrayList<>();
        try (ReceiverSet<Integer> set = ReceiverSet.open()) {
            for (int i = 0; i < count; i++) {
                Channel<Integer> channel = Channel.create(Integer.class,
                        ChannelOptions.defaults().withCapacity(4096));
                channels.add(channel);
                channel.sender().send(-1); // it has a lane
                set.add(channel.receiver());
            }
            assertThat(take(set, count)).hasSize(count);
            for (int i = 0; i < count; i += 37) {
                Waits<List<ReceiverEvent<Integer>>> select = Waits.in(set::select).asleep();

                channels.get(i).sender().send(i);

                assertThat(select.value()).containsExactly(message(channels.get(i), i));
            }
            channels.forEach(channel -> trySend(channel, 7)); // more than one epoll look reports
            assertThat(take(set, count)).hasSize(count);
        } finally {
            channels.forEach(Channel::close);
        }
    }

    private static void trySend(Channel<Integer> channel, int message) {
        assertThat(channel.sender().trySend(message)).isEqualTo(SendOutcome.SENT);
    }

    @Test
    void floodAtOneDoesNotKeepAnotherWaiting() throws Exception {
        try (Channel<Integer> loud = Channel.create(Integer.class);
                Channel<Integer> quiet = Channel.create(Integer.class);
                ReceiverSet<Integer> set = ReceiverSet.open()) {
            set.add(loud.receiver());
            set.add(quiet.receiver());
            quiet.sender().send(0);
            assertThat(take(set, 1)).containsExactly(message(quiet, 0));
            Thread flood = Thread.ofPlatform().daemon().start(() -> flood(loud.sender()));
            try {
                for (int i = 1; i <= 200; i++) {
                    quiet.sender().send(i);
                    int expected = i;
                    int loudBefore = 0;
                    while (true) {
                        List<ReceiverEvent<Integer>> events = set.select();
                        if (events.contains(message(quiet, expected))) {
                            break;
                        }
                        loudBefore += events.size();
                    }
                    // Parked members are looked at each sixteenth round, and a round has at most 64
                    // messages of each.
                    assertThat(loudBefore).isLessThanOrEqualTo(64 * 32);
                }
            } finally {
                loud.receiver().close();
                flood.join();
            }
        }
    }

    private static void flood(Sender<Integer> sender) {
        try {
            while (true) {
                sender.send(1);
            }
        } catch (EndClosed | Disconnected | InterruptedException _) {
            // The test is over.
        }
    }

    @Test
    void emptyMessagesAreFound() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class);
                ReceiverSet<byte[]> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            channel.sender().send(new byte[0]);

            assertThat(set.select()).singleElement().isInstanceOfSatisfying(
                    ReceiverEvent.Message.class,
                    found -> assertThat((byte[]) found.message()).isEmpty());
        }
    }

    @Test
    void receiverAtItsEndBeforeItIsAddedIsSelectedAsClosed() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            channel.sender().close();
            set.add(channel.receiver());

            assertThat(set.select()).singleElement().isInstanceOf(ReceiverEvent.Closed.class);
        }
    }

    @Test
    void receiverAtItsEndAfterItIsAddedIsSelectedAsClosedAfterItsMessages() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();
            channel.sender().send("last words");
            List<ReceiverEvent<String>> events = new ArrayList<>(select.value());
            channel.sender().close();
            while (!set.isEmpty()) {
                events.addAll(set.select());
            }

            assertThat(events).hasSize(2).first().isEqualTo(message(channel, "last words"));
            assertThat(events).last().isInstanceOf(ReceiverEvent.Closed.class);
        }
    }

    @Test
    void longestMessagesInTheRingOfTwoReceiversAreFound() throws Exception {
        findTwo(ChannelOptions.defaults().capacity() / 2 - 8);
    }

    @Test
    void mebibytesOfTwoReceiversAreFound() throws Exception {
        findTwo(MEBIBYTE);
    }

    private static void findTwo(int length) throws InterruptedException {
        try (Channel<byte[]> first = Channel.create(byte[].class);
                Channel<byte[]> second = Channel.create(byte[].class);
                ReceiverSet<byte[]> set = ReceiverSet.open()) {
            set.add(first.receiver());
            set.add(second.receiver());
            first.sender().send(pattern(length, 0));
            second.sender().send(pattern(length, 0x80));
            Map<Receiver<?>, byte[]> found = new HashMap<>();
            while (found.size() < 2) {
                for (ReceiverEvent<byte[]> event : set.select()) {
                    if (event instanceof ReceiverEvent.Message<byte[]>(var from, byte[] bytes)) {
                        assertThat(found.put(from, bytes)).isNull();
                    }
                }
            }
            assertThat(found.get(first.receiver())).isEqualTo(pattern(length, 0));
            assertThat(found.get(second.receiver())).isEqualTo(pattern(length, 0x80));
        }
    }

    private static byte[] pattern(int length, int or) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((i % 127) | or);
        }
        return bytes;
    }

    @Test
    void hundredMessagesOfFiveReceiversArriveInOrderAndThenTheEnds() throws Exception {
        int channels = 5;
        int messages = 100;
        try (ReceiverSet<byte[]> set = ReceiverSet.open()) {
            Map<Receiver<?>, Integer> numbers = new HashMap<>();
            List<Waits<Void>> sending = new ArrayList<>();
            for (int c = 0; c < channels; c++) {
                Channel<byte[]> channel = Channel.create(byte[].class);
                numbers.put(channel.receiver(), c);
                set.add(channel.receiver());
                int number = c;
                sending.add(Waits.run(() -> {
                    for (int i = 0; i < messages; i++) {
                        channel.sender().send(new byte[length(i, number)]);
                    }
                    channel.sender().close();
                }));
            }
            Map<Receiver<?>, Integer> counts = new HashMap<>();
            while (!set.isEmpty()) {
                for (ReceiverEvent<byte[]> event : set.select()) {
                    int count = counts.getOrDefault(event.receiver(), 0);
                    if (event instanceof ReceiverEvent.Message<byte[]>(var from, byte[] bytes)) {
                        int channel = numbers.getOrDefault(from, -1);
                        assertThat(bytes).hasSize(length(count, channel));
                        counts.put(from, count + 1);
                    } else {
                        assertThat(count).isEqualTo(messages);
                        event.receiver().close();
                    }
                }
            }
            assertThat(counts.values()).hasSize(channels).containsOnly(messages);
            for (Waits<Void> each : sending) {
                each.value();
            }
        }
    }

    private static int length(int message, int channel) {
        return ((message * 99_991 + channel * 90_001) % 16_381) & ~3;
    }

    @Test
    void laterSenderIsReceivedFrom() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            channel.sender().send("first lane");
            assertThat(set.select()).containsExactly(message(channel, "first lane"));
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            Waits.run(() -> {
                try (Sender<String> own = channel.sender().exclusive()) {
                    own.send("second lane");
                }
            }).value();

            assertThat(select.value()).containsExactly(message(channel, "second lane"));
        }
    }

    @Test
    void messageThatCannotBeReadIsAFailureAndTheOthersAreFound() throws Exception {
        Codec<String> picky = new Codec<>() {
            @Override
            public void encode(String message, Encoder encoder) {
                encoder.putString(message);
            }

            @Override
            public String decode(Decoder decoder) {
                String text = decoder.getString();
                if (text.isEmpty()) {
                    throw new IllegalArgumentException("an empty text");
                }
                if (text.equals("deep")) {
                    throw new StackOverflowError("as a codec that calls itself has it");
                }
                return text;
            }
        };
        try (Channel<String> channel = Channel.create(picky);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            channel.sender().send("before");
            channel.sender().send("");
            channel.sender().send("after");
            channel.sender().send("deep");
            channel.sender().send("last");

            List<ReceiverEvent<String>> events = take(set, 5);

            assertThat(events.get(0)).isEqualTo(message(channel, "before"));
            assertThat(events.get(1)).isInstanceOfSatisfying(ReceiverEvent.Failed.class,
                    failed -> assertThat(failed.failure()).isInstanceOf(CodecFailed.class));
            assertThat(events.get(2)).isEqualTo(message(channel, "after"));
            assertThat(events.get(3)).isInstanceOfSatisfying(ReceiverEvent.Failed.class,
                    failed -> assertThat(failed.failure()).isInstanceOf(CodecFailed.class)
                            .hasRootCauseInstanceOf(StackOverflowError.class));
            assertThat(events.get(4)).isEqualTo(message(channel, "last"));
        }
    }
}
