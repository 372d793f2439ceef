package dev.ipcchannel.testing.children;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A child that receives on a broadcast channel. In the middle of a long message it prints
/// `reading` and stops, or first tries to write to memory that others read and prints the result.
public final class HalfReaderChild {

    private static final int LONG = 1 << 20;

    private HalfReaderChild() {}

    /// Receives until it is killed.
    ///
    /// @param arguments the name, and `writing` if it is to write
    public static void main(String[] arguments) throws InterruptedException {
        boolean isWriter = arguments.length > 1;
        try (var channel = IpcChannel.open(ChannelType.ROUTE, arguments[0], ConnMode.RECEIVER,
                new HalfReading(isWriter), BroadcastOptions.defaults())) {
            System.out.println("ready");
            while (true) {
                channel.receive();
            }
        }
    }

    private record HalfReading(boolean isWriter) implements Codec<byte[]> {

        @Override
        public void encode(byte[] message, Encoder out) {
            out.putBytes(message);
        }

        @Override
        public byte[] decode(Decoder in) {
            int length = in.remaining();
            if (length >= LONG) {
                byte[] _ = in.getBytes(length / 2);
                if (isWriter) {
                    System.out.println(written(length));
                } else {
                    System.out.println("reading");
                    while (true) {
                        LockSupport.park();
                    }
                }
            }
            return in.getBytes(in.remaining());
        }
    }

    /// The results of all attempts, for each file of that length.
    private static String written(int length) {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> files = links.filter(link -> isLong(link, length)).toList();
            StringBuilder said = new StringBuilder("files=" + files.size());
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
                    said.append(" write=").append(refusal(() -> channel.write(
                            ByteBuffer.allocate(1), 0)));
                    said.append(" map=").append(refusal(() -> channel.map(
                            FileChannel.MapMode.READ_WRITE, 0, length)));
                    said.append(" truncate=").append(refusal(() -> channel.truncate(0)));
                } catch (IOException failure) {
                    said.append(" open=").append(failure.getMessage());
                }
            }
            return said.toString();
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    private static boolean isLong(Path link, int length) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("/memfd:ipc-channel")
                    && Files.size(link) >= length;
        } catch (IOException _) { // closed meanwhile
            return false;
        }
    }

    private interface Try {

        Object run() throws IOException;
    }

    private static String refusal(Try action) {
        try {
            Object _ = action.run();
            return "done";
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage()).replace(' ', '-');
        }
    }
}
