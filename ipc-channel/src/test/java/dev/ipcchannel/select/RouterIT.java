package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ProgressWatch;
import dev.ipcchannel.testing.children.Choir;
import dev.ipcchannel.testing.children.ChoirChild;
import dev.ipcchannel.testing.children.Desk;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.PongChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Routes of receivers whose senders are in another process.
///
/// With `-Dipcchannel.rounds=1000000` it takes longer.
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RouterIT {

    private static final int ROUNDS = Integer.getInteger("ipcchannel.rounds", 2000);
    private static final int WARM_UP = 200;
    private static final int VOICES = 3;
    private static final int COUNT = 50;
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void killedChildEndsItsRoutesAfterTheirMessagesAndTheOthersGoOn() throws Exception {
        try (Router router = Router.open();
                OneShotServer<Choir> server = OneShotServer.open(Choir.class);
                Channel<Long> other = Channel.create(Long.class)) {
            ChildJvm child = children.command().piped().start(ChoirChild.class, server.name(),
                    Integer.toString(VOICES), ChoirChild.Manner.BURST.name(),
                    Integer.toString(COUNT));
            List<List<Object>> heard = new ArrayList<>();
            for (Receiver<Long> voice : server.accept(child.process(), Children.PATIENCE)
                    .voices()) {
                List<Object> own = Collections.synchronizedList(new ArrayList<>());
                heard.add(own);
                router.route(voice, own::add, own::add);
            }
            BlockingQueue<Long> others = new LinkedBlockingQueue<>();
            router.route(other.receiver(), others::add);
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("sung");

            child.kill();

            await("all ends").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                    .until(() -> router.count() == 1
                            && heard.stream().allMatch(own -> own.size() == COUNT + 1));
            for (List<Object> own : heard) {
                assertThat(own.subList(0, COUNT)).isEqualTo(
                        IntStream.range(0, COUNT).mapToObj(Long::valueOf).toList());
                assertThat(own.getLast()).isInstanceOfSatisfying(Disconnected.class,
                        end -> assertThat(end).hasMessageContaining("exit=137 (SIGKILL)"));
            }
            other.sender().send(7L);
            assertThat(others.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(7);
        }
    }

    @Test
    void routesThatComeAndGoLeaveNothing() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Pong pong = startPong();
        try (Router router = Router.open(); Sender<Handover> orders = pong.orders()) {
            assertFlat(() -> {
                Channel<String> channel = Channel.create(String.class, SMALL);
                router.route(channel.receiver(), heard::add);
                orders.send(new Handover(channel.sender()));
                assertThat(heard.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("pong");
            }, router::count);
        }
        pong.child().awaitExit(0);
    }

    @Test
    void membersThatComeAndGoLeaveNothing() throws Exception {
        Pong pong = startPong();
        try (ReceiverSet<String> set = ReceiverSet.open();
                Sender<Handover> orders = pong.orders()) {
            int[] round = new int[1];
            assertFlat(() -> {
                try (Channel<String> channel = Channel.create(String.class, SMALL)) {
                    set.add(channel.receiver());
                    orders.send(new Handover(channel.sender()));
                    assertThat(set.select(Children.PATIENCE)).first().isEqualTo(
                            new ReceiverEvent.Message<>(channel.receiver(), "pong"));
                    if (round[0]++ % 2 == 0) {
                        set.remove(channel.receiver()); // its end may have come already
                        return;
                    }
                    while (!set.isEmpty()) {
                        set.select(Children.PATIENCE);
                    }
                }
            }, set::count);
        }
        pong.child().awaitExit(0);
    }

    /// A child that sends "pong", until its sender of orders is closed.
    private record Pong(ChildJvm child, Sender<Handover> orders) {}

    private Pong startPong() throws Exception {
        try (OneShotServer<Desk> server = OneShotServer.open(Desk.class)) {
            ChildJvm child = children.start(PongChild.class, server.name());
            return new Pong(child, server.accept(child.process(), Children.PATIENCE).orders());
        }
    }

    private interface Round {

        void run() throws Exception;
    }

    private interface Count {

        int now();
    }

    private static void assertFlat(Round round, Count members) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            round.run();
        }
        awaitNone(members);
        long descriptors = Children.descriptors();
        long mappings = Children.mappings();
        long threads = Children.threads();
        for (int i = 0; i < ROUNDS; i++) {
            ProgressWatch.made();
            round.run();
        }
        awaitNone(members);
        await("flat").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> {
                    assertThat(Children.descriptors()).as("descriptors")
                            .isLessThanOrEqualTo(descriptors);
                    assertThat(Children.mappings()).as("mappings").isLessThanOrEqualTo(mappings);
                    assertThat(Children.threads()).as("threads").isLessThanOrEqualTo(threads);
                });
    }

    private static void awaitNone(Count members) {
        await("no member").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                .until(() -> members.now() == 0);
    }
}
