package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import dev.ipcchannel.WaitStrategy;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/// A child that sends two streams of messages until it is killed, the messages of the first of up
/// to as many bytes as its third argument says. It counts the committed messages of each stream in
/// a file, which survives the kill.
public final class StreamChild {

    /// Bytes of the small ring.
    public static final int NARROW = 4096;
    /// The offset in the file of the count of the narrow stream.
    public static final int NARROW_COUNT = 0;
    /// The offset in the file of the count of the wide stream.
    public static final int WIDE_COUNT = 128;
    /// Bytes of the file.
    public static final int FILE_LENGTH = 256;

    private static final int SHORT = 64;

    private StreamChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ChannelOptions options = ChannelOptions.defaults();
        Channel<byte[]> narrow = Channel.create(byte[].class,
                options.withCapacity(NARROW).withWaitStrategy(WaitStrategy.BLOCK));
        Channel<byte[]> wide = Channel.create(byte[].class, options);
        try (FileChannel file = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer counts =
                    file.map(FileChannel.MapMode.READ_WRITE, 0, FILE_LENGTH);
            try (Sender<Streams> parent = OneShotServer.connect(arguments[0], Streams.class)) {
                parent.send(new Streams(narrow.receiver(), wide.receiver()));
            }
            Thread second = new Thread(() -> stream(wide.sender(), SHORT, counts, WIDE_COUNT));
            second.start();
            stream(narrow.sender(), Integer.parseInt(arguments[2]), counts, NARROW_COUNT);
        }
    }

    private static void stream(Sender<byte[]> sender, int limit, MappedByteBuffer counts,
            int place) {
        SplittableRandom random = new SplittableRandom();
        try {
            for (long number = 0;; number++) {
                sender.send(Streams.message(number, limit, random));
                counts.putLong(place, number + 1);
            }
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
