package dev.ipcchannel.examples.broadcast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.named.ChannelType;
import dev.ipcchannel.named.ConnMode;
import dev.ipcchannel.named.IpcChannel;
import java.io.PrintStream;
import java.time.Duration;

/// Ten packets from a producer to a consumer, which ends when none comes for a second.
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

    /// Waits for the first packet as long as it takes: somebody has to start the producer.
    static void consume(PrintStream out) throws InterruptedException {
        try (var channel = IpcChannel.open(ChannelType.CHANNEL, NAME, ConnMode.RECEIVER)) {
            long timeout = IpcChannel.INFINITE;
            while (true) {
                byte[] data = channel.receive(timeout);
                out.println("Consumed: " + new String(data, UTF_8));
                timeout = 1000;
            }
        } catch (IpcException e) {
            if (e.status() != IpcStatus.TIMEOUT) {
                throw e;
            }
        }
    }
}
