package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Several threads at one end: allowed uses lose nothing, others are refused.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {

    private static final int THREADS = 8;
    private static final int COUNT = 10_000;
    private static final int RACES = 2_000;
    private static final int LANES = 100; // more than one look accepts

    @RegisterExtension
    final Children children = new Children();

    /// One of the ways to send from many threads.
    enum Way {
        SEND {
            @Override
            void send(Sender<byte[]> sender, byte[] message) throws InterruptedException {
                sender.send(message);
            }
        },
        TRY_SEND {
            @Override
            void send(Sender<byte[]> sender, byte[] message) {
                while (sender.trySend(message) == SendOutcome.FULL) {
                    Thread.onSpinWait();
                }
            }
        },
        CLAIM {
            @Override
            void send(Sender<byte[]> sender, byte[] message) throws InterruptedException {
                try (Claim claim = sender.claim(message.length)) {
                    claim.payload().asByteBuffer().put(message);
                    claim.commit();
                }
            }
        };

        abstract void send(Sender<byte[]> sender, byte[] message) throws InterruptedException;
    }

    @ParameterizedTest
    @EnumSource
    void threadsThatShareASenderLoseNothingAndKeepTheirOrder(Way way) throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            List<Waits<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                threads.add(Waits.run(() -> {
                    for (int i = 0; i < COUNT; i++) {
                        way.send(channel.sender(), message(number, i));
                    }
                }));
            }
            int[] next = new int[THREADS];
            for (int i = 0; i < THREADS * COUNT; i++) {
                ByteBuffer message =
                        ByteBuffer.wrap(channel.receiver().receive(Children.PATIENCE));
                assertThat(message.getInt(4)).as("number").isEqualTo(next[message.getInt(0)]++);
            }
            for (Waits<Void> thread : threads) {
                thread.value();
            }
            assertThat(channel.receiver().tryReceive()).isNull();
        }
    }

    @Test
    void threadsWithExclusiveSendersLoseNothingAndKeepTheirOrder() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(4096))) {
            List<Waits<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                threads.add(Waits.run(() -> {
                    try (Sender<byte[]> own = channel.sender().exclusive()) {
                        for (int i = 0; i < COUNT; i++) {
                            own.send(message(number, i));
                        }
                    }
                }));
            }
            int[] next = new int[THREADS];
            for (int i = 0; i < THREADS * COUNT; i++) {
                ByteBuffer message =
                        ByteBuffer.wrap(channel.receiver().receive(Children.PATIENCE));
                assertThat(message.getInt(4)).as("number").isEqualTo(next[message.getInt(0)]++);
            }
            for (Waits<Void> thread : threads) {
                thread.value();
            }
        }
    }

    @Test
    void secondThreadThatReceivesIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<String> first = Waits.in(channel.receiver()::receive).asleep();

            assertThatThrownBy(() -> channel.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(first.thread().getName());
            assertThatThrownBy(() -> channel.receiver().tryReceive())
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> channel.receiver().tryReceive((_, _, _) -> {}, 1))
                    .isInstanceOf(IllegalStateException.class);

            channel.sender().send("for the first");
            assertThat(first.value()).isEqualTo("for the first");
        }
    }

    @Test
    void exclusiveSenderRefusesEveryOtherThread() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> own = channel.sender().exclusive()) {
            List<Waits.Action> calls = List.of(() -> own.send("x"),
                    () -> own.send("x", Children.PATIENCE), () -> own.trySend("x"),
                    () -> own.claim(1), () -> own.tryClaim(1), own::share, own::exclusive,
                    own::close);
            for (Waits.Action call : calls) {
                Waits.run(call).failure().isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("exclusive");
            }
            own.send("of its owner");
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("of its owner");
        }
    }

    @Test
    void exclusiveSenderOfADeadThreadIsClosedByAnother() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            Waits<Sender<String>> owner = Waits.in(() -> {
                Sender<String> own = channel.sender().exclusive();
                own.send("last words");
                return own;
            });
            Sender<String> left = owner.value();
            owner.thread().join();

            left.close();
            channel.sender().close();

            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("last words");
            assertThatThrownBy(() -> channel.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void sharingRacesWithTheCloseAndFindsItOpenOrClosed() throws Exception {
        for (int i = 0; i < RACES; i++) {
            try (Channel<String> channel = Channel.create(String.class)) {
                Waits<String> sharing = Waits.in(() -> {
                    try (Sender<String> second = channel.sender().share()) {
                        return second.trySend("shared").toString();
                    } catch (EndClosed closed) {
                        return "closed";
                    }
                });
                channel.sender().close();
                assertThat(sharing.value()).isIn("SENT", "closed");
            }
        }
    }

    /// First all before the receiver looks, then all while it waits.
    @ParameterizedTest
    @EnumSource
    void receiverAcceptsManySendersThatAnnouncedThemselvesAtOnce(WaitStrategy strategy)
            throws Exception {
        try (Channel<String> channel = Channel.create(String.class,
                ChannelOptions.defaults().withWaitStrategy(strategy))) {
            List<Sender<String>> senders = new ArrayList<>();
            List<String> all = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                senders.add(channel.sender().exclusive());
                all.add("from " + i);
                senders.getLast().send(all.getLast());
            }
            assertThat(received(channel.receiver())).containsExactlyInAnyOrderElementsOf(all);
            assertThat(channel.receiver().tryReceive()).isNull();

            Waits<List<String>> receiver = Waits.in(() -> received(channel.receiver()));
            for (int i = 0; i < LANES; i++) {
                senders.get(i).send(all.get(i));
            }
            assertThat(receiver.value()).containsExactlyInAnyOrderElementsOf(all);
            assertThat(channel.receiver().tryReceive()).isNull();
            senders.forEach(Sender::close);
        }
    }

    private static List<String> received(Receiver<String> receiver) throws InterruptedException {
        List<String> messages = new ArrayList<>();
        while (messages.size() < LANES) {
            messages.add(receiver.receive(Children.PATIENCE));
        }
        return messages;
    }

    @Test
    void newSenderIsReceivedFromWhileAnotherNeverStops() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Sender<String> busy = channel.sender().exclusive()) {
            while (busy.trySend("busy") == SendOutcome.SENT) {
                // until there is no room
            }
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("busy");

            channel.sender().send("me too");

            List<String> received = new ArrayList<>();
            for (int i = 0; i < 10 * COUNT && !received.contains("me too"); i++) {
                received.clear();
                received.add(channel.receiver().receive(Children.PATIENCE));
                busy.trySend("busy");
            }
            assertThat(received).containsExactly("me too");
        }
    }

    private static byte[] message(int thread, int number) {
        return ByteBuffer.allocate(8 + number % 100).putInt(0, thread).putInt(4, number).array();
    }
}
