package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A sender and very many receivers in one process, and long messages of many lengths.
@Tag("alone") // it takes most of the descriptors that a process may have
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BroadcastCrowdIT {

    private static final int RECEIVERS = Integer.getInteger("ipcchannel.receivers", 100);
    private static final int LIMIT = 12 * RECEIVERS; // descriptors
    private static final int LENGTHS = 100;
    private static final int MIB = 1 << 20;
    private static final Pattern OPEN_FILES = Pattern.compile("^Max open files +(\\d+)");
    private static final long PATIENCE = Children.PATIENCE.toMillis();
    private static final BroadcastOptions OPTIONS = BroadcastOptions.defaults()
            .withChannel(ChannelOptions.defaults().withCapacity(16_384));

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private final List<IpcChannel<LongMessage>> receivers = new ArrayList<>();

    /// The bytes at both ends of a message, and its length.
    private record LongMessage(int first, int last, int length) {}

    /// A codec that needs little of a receiver's heap at a time.
    private static final class Edges implements Codec<LongMessage> {

        private static final int PIECE = 1 << 16;

        @Override
        public void encode(LongMessage message, Encoder out) {
            byte[] bytes = new byte[message.length];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(0, message.first)
                    .putInt(message.length - 4, message.last);
            out.putBytes(bytes);
        }

        @Override
        public LongMessage decode(Decoder in) {
            int length = in.remaining();
            int first = in.getInt();
            while (in.remaining() > 4) {
                byte[] _ = in.getBytes(Math.min(PIECE, in.remaining() - 4));
            }
            return new LongMessage(first, in.getInt(), length);
        }
    }

    @AfterEach
    void crowdLeaves() {
        receivers.forEach(IpcChannel::close);
    }

    @Test
    void longMessagesOfAHundredLengthsReachEachOfManyReceiversAndLeaveNothingOpen()
            throws Exception {
        long limit = limit();
        if (limit < LIMIT) {
            System.err.printf("%d receivers in one process: skipped, ulimit -Hn is %d, %d are"
                    + " needed%n", RECEIVERS, limit, LIMIT);
        }
        assumeTrue(limit >= LIMIT, "too few descriptors: raise ulimit -Hn to " + LIMIT);
        long seed = new Random().nextLong();
        System.err.println("lengths of long messages: seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < RECEIVERS; i++) {
            receivers.add(open(ConnMode.RECEIVER));
        }
        try (var sender = open(ConnMode.SENDER)) {
            assertThat(sender.waitForReceivers(RECEIVERS, PATIENCE)).isTrue();
            sendToAll(sender, 0, 2 * MIB - 100); // the longest
            long descriptors = Children.descriptors();
            long mappings = Children.mappings();

            for (int i = 1; i <= LENGTHS; i++) {
                sendToAll(sender, i, MIB + 1 + random.nextInt(MIB - 200));
            }

            System.err.printf("receivers=%d, descriptors=%d, mappings=%d%n", RECEIVERS, descriptors,
                    mappings);
            assertThat(Children.descriptors()).isLessThanOrEqualTo(descriptors);
            assertThat(Children.mappings()).isLessThanOrEqualTo(mappings);
            assertThat(descriptors).isLessThanOrEqualTo(10L * RECEIVERS + 200);
            assertThat(sender.receiverCount()).isEqualTo(RECEIVERS);
        }
    }

    private static IpcChannel<LongMessage> open(ConnMode mode) throws InterruptedException {
        return IpcChannel.open(ChannelType.ROUTE, "crowd", mode, new Edges(), OPTIONS);
    }

    private void sendToAll(IpcChannel<LongMessage> sender, int number, int length)
            throws Exception {
        LongMessage message = new LongMessage(number, ~number, length);
        sender.send(message, PATIENCE);
        for (IpcChannel<LongMessage> receiver : receivers) {
            assertThat(receiver.receive(PATIENCE)).isEqualTo(message);
        }
    }

    /// The limit of descriptors of this process, as raised by its JVM.
    private static long limit() throws IOException {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            return limits.map(OPEN_FILES::matcher).filter(Matcher::find)
                    .mapToLong(limit -> Long.parseLong(limit.group(1))).findFirst().orElseThrow();
        }
    }
}
