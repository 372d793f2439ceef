package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Choir;
import dev.ipcchannel.testing.children.ChoirChild;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kills, at random moments, of two children that stream into one set on several channels: every
/// message that they committed is selected, once and in order, and then one end for each channel.
/// [Children] checks each time that nothing is left.
///
/// With `-Dipcchannel.kills=1000` it takes longer.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SetKillStormIT {

    private static final int KILLS = Integer.getInteger("ipcchannel.kills", 20);
    private static final int AT_ONCE = 2;
    private static final int VOICES = 4;
    private static final int LATEST_MICROS = 30_000;

    @RegisterExtension
    final Children children = new Children();

    /// A streaming child, with the file in which it counts.
    private record Singer(ChildJvm child, Choir choir, Path counts) {}

    static LongStream seeds() {
        return LongStream.generate(System::nanoTime).limit(KILLS / AT_ONCE);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void streamsOfKilledChildrenAreSelectedToTheLastCommit(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Receiver<?>, Long> received = new HashMap<>();
        List<Singer> singers = new ArrayList<>();
        try (ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
                ReceiverSet<Long> set = ReceiverSet.open()) {
            for (int i = 0; i < AT_ONCE; i++) {
                singers.add(start(i));
            }
            for (Singer singer : singers) {
                singer.choir().voices().forEach(set::add);
                var _ = killer.schedule(() -> singer.child().process().destroyForcibly(),
                        random.nextInt(LATEST_MICROS), TimeUnit.MICROSECONDS);
            }
            while (!set.isEmpty()) {
                set.select().forEach(event -> note(event, received));
            }
            assertThat(set.trySelect()).isEmpty();
        }
        for (Singer singer : singers) {
            singer.child().awaitExit(137);
            assertEveryCommitWasReceived(singer, received);
        }
    }

    private Singer start(int number) throws Exception {
        Path counts = Files.write(children.directory().resolve("counts-" + number),
                new byte[VOICES * Long.BYTES]);
        try (OneShotServer<Choir> server = OneShotServer.open(Choir.class)) {
            ChildJvm child = children.start(ChoirChild.class, server.name(),
                    Integer.toString(VOICES), ChoirChild.Manner.STREAM.name(), counts.toString());
            return new Singer(child, server.accept(child.process(), Children.PATIENCE), counts);
        }
    }

    private static void note(ReceiverEvent<Long> event, Map<Receiver<?>, Long> received) {
        switch (event) {
            case ReceiverEvent.Message(var from, Long number) -> {
                assertThat(number).isEqualTo(received.getOrDefault(from, 0L));
                received.put(from, number + 1);
            }
            case ReceiverEvent.Closed(var from, var cause) -> {
                assertThat(cause).isInstanceOf(Disconnected.class)
                        .hasMessageContaining("pid="); // its exit may be known later
                assertThat(from.toString()).as("one end only").contains("open");
                from.close();
            }
            case ReceiverEvent.Failed(_, var failure) -> throw failure;
        }
    }

    private static void assertEveryCommitWasReceived(Singer singer,
            Map<Receiver<?>, Long> received) throws Exception {
        ByteBuffer counts = ByteBuffer.wrap(Files.readAllBytes(singer.counts()));
        for (Receiver<Long> voice : singer.choir().voices()) {
            assertThat(received.getOrDefault(voice, 0L)).as("messages of a voice")
                    .isGreaterThanOrEqualTo(counts.getLong());
        }
    }
}
