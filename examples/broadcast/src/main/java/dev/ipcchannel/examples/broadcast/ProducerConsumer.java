package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;
import java.time.Duration;

/// A producer of ten packets, and a consumer that ends when no packet comes for a while.
final class ProducerConsumer {

    private static final String NAME = "data_stream";
    private static final int PACKETS = 10;

    private ProducerConsumer() {}

    static void produce(Duration pause) throws InterruptedException {
        try (var channel = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.SENDER)) {
            for (int i = 0; i < PACKETS; i++) {
                channel.send(("Data packet " + i).getBytes(UTF_8));
                Thread.sleep(pause);
            }
        }
    }

    /// Receives the packets. It waits for the first without a timeout: the producer may start
    /// later.
    static void consume(int patience, PrintStream out) throws InterruptedException {
        try (var channel = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.RECEIVER)) {
            byte[] data = channel.receive();
            while (true) {
                out.println("Consumed: " + new String(data, UTF_8));
                data = channel.receive(patience);
            }
        } catch (IpcException e) {
            if (e.status() != IpcStatus.TIMEOUT) {
                throw e;
            }
        }
    }
}
