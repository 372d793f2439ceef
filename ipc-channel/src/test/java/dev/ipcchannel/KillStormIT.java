package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.StreamChild;
import dev.ipcchannel.testing.children.Streams;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Kills of a streaming child at random moments, again and again: all that it committed arrives,
/// whole, once and in order, and then its end. [Children] checks each time that nothing is left.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillStormIT {

    private static final int KILLS = 20;
    private static final int LATEST_MICROS = 30_000;
    private static final int LATE_EVERY = 5;
    private static final int LONGEST_IN_RING = StreamChild.NARROW / 2 - 8;
    private static final int LONG = 300_000;

    @RegisterExtension
    final Children children = new Children();

    @RepeatedTest(KILLS)
    void streamsOfAKilledChildAreWholeToTheLastCommit(RepetitionInfo repetition) throws Exception {
        killAndReceive(repetition, LONGEST_IN_RING);
    }

    @RepeatedTest(KILLS)
    void spilledStreamsOfAKilledChildAreWholeToTheLastCommit(RepetitionInfo repetition)
            throws Exception {
        killAndReceive(repetition, LONG);
    }

    private void killAndReceive(RepetitionInfo repetition, int longest) throws Exception {
        long seed = System.nanoTime();
        System.out.println("kill storm: seed=" + seed);
        long micros = new SplittableRandom(seed).nextInt(LATEST_MICROS);
        // Sometimes the parent reads nothing until the child is dead, which then waits on full
        // rings.
        boolean isLate = repetition.getCurrentRepetition() % LATE_EVERY == 0;
        Path counts = Files.write(children.directory().resolve("counts"),
                new byte[StreamChild.FILE_LENGTH]);

        try (ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
                OneShotServer<Streams> server = OneShotServer.open(Streams.class)) {
            ChildJvm child = children.start(StreamChild.class, server.name(), counts.toString(),
                    Integer.toString(longest));
            Streams streams = server.accept(child.process(), Children.PATIENCE);
            CountDownLatch killed = new CountDownLatch(isLate ? 1 : 0);
            Waits<Long> narrow = Waits.in(() -> receiveAll(streams.narrow(), killed));
            Waits<Long> wide = Waits.in(() -> receiveAll(streams.wide(), killed));
            var _ = killer.schedule(() -> child.process().destroyForcibly(), micros,
                    TimeUnit.MICROSECONDS);
            child.awaitExit(137);
            killed.countDown();

            ByteBuffer committed = ByteBuffer.wrap(Files.readAllBytes(counts));
            assertThat(narrow.value()).as("messages of the narrow stream")
                    .isGreaterThanOrEqualTo(committed.getLong(StreamChild.NARROW_COUNT));
            assertThat(wide.value()).as("messages of the wide stream")
                    .isGreaterThanOrEqualTo(committed.getLong(StreamChild.WIDE_COUNT));
        }
    }

    /// Receives to the end and checks every message.
    ///
    /// @return the number of messages
    private static long receiveAll(Receiver<byte[]> receiver, CountDownLatch start)
            throws InterruptedException {
        start.await();
        long expected = 0;
        try (receiver) {
            while (true) {
                assertThat(Streams.number(receiver.receive())).isEqualTo(expected);
                expected++;
            }
        } catch (Disconnected end) {
            assertThat(end).hasMessageContaining("exit=137 (SIGKILL)");
            return expected;
        }
    }
}
