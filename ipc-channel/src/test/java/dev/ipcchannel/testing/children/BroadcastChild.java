package dev.ipcchannel.testing.children;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.named.BroadcastOptions;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.testing.NumberedBytes;
import dev.ipcchannel.testing.Orders;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// A process that uses broadcast channels by orders on its standard input, a line each, which it
/// answers with a line each. Orders are about the channel opened last.
public final class BroadcastChild {

    private final List<IpcChannel<byte[]>> open = new ArrayList<>();

    private final List<FileInputStream> hoard = new ArrayList<>();

    private BroadcastChild() {}

    /// Prints that it is up, then runs orders.
    public static void main(String[] arguments) throws Exception {
        BroadcastChild child = new BroadcastChild();
        Orders.take(child::answer);
    }

    private String answer(String[] order) throws Exception {
        try {
            return run(order);
        } catch (IpcException failure) { // the test's to judge
            return failure.status() + " " + failure.getClass().getSimpleName() + ": "
                    + failure.getMessage();
        }
    }

    private String run(String[] order) throws Exception {
        return switch (order[0]) {
            case "open" -> opened(order);
            case "close" -> {
                for (FileInputStream hoarded : hoard) {
                    hoarded.close();
                }
                hoard.clear();
                open.forEach(IpcChannel::close);
                open.clear();
                yield "closed";
            }
            case "hoard" -> hoarded();
            case "exit" -> {
                System.exit(0);
                yield "";
            }
            default -> run(open.getLast(), order);
        };
    }

    private static String run(IpcChannel<byte[]> channel, String[] order) throws Exception {
        return switch (order[0]) {
            case "send" -> {
                channel.send(order[1].getBytes(UTF_8), Long.parseLong(order[2]));
                yield "sent";
            }
            case "flood" -> flood(channel, Integer.parseInt(order[1]));
            case "numbers" -> numbers(channel, Integer.parseInt(order[1]));
            case "receive" -> new String(channel.receive(Long.parseLong(order[1])), UTF_8);
            case "drain" -> drain(channel, Integer.parseInt(order[1]), Long.parseLong(order[2]));
            case "until" -> until(channel, order[1], Long.parseLong(order[2]));
            case "lengths" -> lengths(channel, Integer.parseInt(order[1]));
            case "dropped" -> String.valueOf(channel.dropped());
            case "wait" -> String.valueOf(channel.waitForReceivers(Integer.parseInt(order[1]),
                    Long.parseLong(order[2])));
            case "count" -> String.valueOf(channel.receiverCount());
            case "disconnect" -> {
                channel.disconnect();
                yield "disconnected";
            }
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    /// A type, a name, a mode, and options: a capacity of the rings, a linger.
    private String opened(String[] order) throws InterruptedException {
        BroadcastOptions options = BroadcastOptions.defaults();
        if (order.length > 4) {
            options = options.withChannel(options.channel()
                    .withCapacity(Integer.parseInt(order[4])));
        }
        if (order.length > 5) {
            options = options.withLinger(Duration.ofMillis(Long.parseLong(order[5])));
        }
        open.add(IpcChannel.open(ChannelType.valueOf(order[1]), order[2],
                ConnMode.valueOf(order[3]), options));
        return "opened";
    }

    /// Takes all free descriptors.
    private String hoarded() throws IOException {
        try {
            while (true) {
                hoard.add(new FileInputStream("/dev/null"));
            }
        } catch (FileNotFoundException _) { // thrown when there are none
            return "hoarded";
        }
    }

    /// Sends messages 0, 1, 2, … without a pause.
    private static String flood(IpcChannel<byte[]> channel, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            channel.send(String.valueOf(i).getBytes(UTF_8), IpcChannel.INFINITE);
        }
        return "sent";
    }

    /// Sends numbered messages of very different lengths without a pause.
    private static String numbers(IpcChannel<byte[]> channel, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            channel.send(NumberedBytes.of(i), IpcChannel.INFINITE);
        }
        return "sent";
    }

    /// Receives up to a message, with a pause of so many milliseconds after each, and returns how
    /// many came and how many are missing.
    private static String until(IpcChannel<byte[]> channel, String last, long rest)
            throws InterruptedException {
        int got = 1;
        while (!new String(channel.receive(), UTF_8).equals(last)) {
            Thread.sleep(rest);
            got++;
        }
        return got + " " + channel.lost();
    }

    private static String lengths(IpcChannel<byte[]> channel, int count)
            throws InterruptedException {
        StringJoiner got = new StringJoiner(" ");
        for (int i = 0; i < count; i++) {
            got.add(String.valueOf(channel.receive().length));
        }
        return got.toString();
    }

    private static String drain(IpcChannel<byte[]> channel, int count, long timeout)
            throws InterruptedException {
        StringJoiner got = new StringJoiner(" ");
        for (int i = 0; i < count; i++) {
            got.add(new String(channel.receive(timeout), UTF_8));
        }
        return got.toString();
    }
}
