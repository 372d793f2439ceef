package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ProgressWatch;
import dev.ipcchannel.testing.Waits;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The resources after thousands of channels: as many descriptors, mappings and threads as before,
/// as [Children] asserts after each test. `-Dleftovers.rounds=1000000` is the long form.
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeftoversTest {

    private static final int ROUNDS = Integer.getInteger("leftovers.rounds", 3000);
    private static final long MOST_HEAP_A_ROUND = 100; // bytes, for the JVM itself

    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void newChannelRouteAndRoundTripAgainAndAgain() throws Exception {
        BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
        try (Router router = Router.open()) {
            Live before = new Live(0, 0);
            for (int i = 0; i < 2 * ROUNDS; i++) {
                ProgressWatch.made();
                if (i == ROUNDS) {
                    before = Live.now();
                }
                Channel<Integer> channel = Channel.create(Integer.class, SMALL);
                router.route(channel.receiver(), answers::add);
                channel.sender().send(i);
                assertThat(answers.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i);
                channel.sender().close();
            }
            await("the last route is over").atMost(Children.PATIENCE)
                    .until(() -> router.count() == 0);
            Live.awaitNoMoreThan(before);
        }
    }

    /// The numbers of reachable objects, counted by HotSpot after a collection.
    ///
    /// @param ours instances of the library's classes
    /// @param bytes of all instances
    private record Live(long ours, long bytes) {

        static Live now() throws Exception {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram", new Object[]{new String[0]},
                    new String[]{String[].class.getName()});
            long ours = 0;
            long bytes = 0;
            for (String line : histogram.lines().toList()) { // 12:  3000  144000  class (module)
                String[] words = line.strip().split("\\s+", -1);
                if (words.length >= 4 && words[3].startsWith("dev.ipcchannel.")) {
                    ours += Long.parseLong(words[1]);
                } else if (words[0].equals("Total")) {
                    bytes = Long.parseLong(words[2]);
                }
            }
            assertThat(ours).as(histogram).isPositive();
            return new Live(ours, bytes);
        }

        /// Waits for several collections: objects found by one are closed by a thread, and the next
        /// one finds the rest.
        static void awaitNoMoreThan(Live before) {
            await("nothing is kept of a round").atMost(Children.PATIENCE)
                    .untilAsserted(() -> {
                        Live now = now();
                        assertThat(now.ours - before.ours).as("instances more than before")
                                .isLessThan(ROUNDS / 10);
                        assertThat(now.bytes - before.bytes).as("bytes more than before")
                                .isLessThan(ROUNDS * MOST_HEAP_A_ROUND);
                    });
        }
    }

    @Test
    void receiversComeToASetAndGoAgainAndAgain() throws Exception {
        try (ReceiverSet<Integer> set = ReceiverSet.open()) {
            for (int i = 0; i < ROUNDS; i++) {
                ProgressWatch.made();
                try (Channel<Integer> channel = Channel.create(Integer.class, SMALL)) {
                    set.add(channel.receiver());
                    channel.sender().send(i);
                    assertThat(set.select()).containsExactly(
                            new ReceiverEvent.Message<>(channel.receiver(), i));
                    if (i % 2 == 0) {
                        assertThat(set.remove(channel.receiver())).isTrue();
                    } else {
                        channel.sender().close();
                        assertThat(set.select()).singleElement()
                                .isInstanceOf(ReceiverEvent.Closed.class);
                    }
                }
            }
            assertThat(set.isEmpty()).isTrue();
        }
    }

    @Test
    void setIsClosedWhileItSelectsAndReceiversCome() throws Exception {
        long seed = System.nanoTime();
        System.out.println("set closed while receivers come: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Math.min(ROUNDS, 2000); i++) {
            try (Channel<Integer> first = Channel.create(Integer.class, SMALL);
                    Channel<Integer> second = Channel.create(Integer.class, SMALL)) {
                ReceiverSet<Integer> set = ReceiverSet.open();
                set.add(first.receiver());
                first.sender().send(i);
                Waits<Void> selecting = Waits.run(() -> {
                    while (true) {
                        set.select();
                    }
                });
                Waits<Void> adding = Waits.run(() -> {
                    set.add(second.receiver());
                    second.sender().send(1);
                });
                int pause = random.nextInt(2000);
                for (int j = 0; j < pause; j++) {
                    Thread.onSpinWait();
                }
                if (random.nextBoolean()) {
                    first.receiver().close();
                }

                set.close();

                selecting.failure().as("seed=%d, round=%d", seed, i)
                        .isInstanceOf(EndClosed.class);
                adding.result().handle((_, failure) -> assertThat(failure)
                        .as("seed=%d", seed).satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                end -> assertThat(end).isInstanceOf(EndClosed.class)))
                        .get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(set.isEmpty()).isTrue();
            }
        }
    }
}
