package dev.ipcchannel.examples.zipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.io.PrintStream;
import java.time.Duration;

/// A sender of five greetings a second, and a receiver that waits for each until none comes in
/// time. `sender.c` and `receiver.c` are the same in C.
final class Waiting {

    private static final int QUEUE_SIZE = 8;
    private static final int MESSAGE_SIZE = 1536;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMillis(800);

    private Waiting() {}

    /// Sends until it is stopped. Without a receiver the queue becomes full, and further greetings
    /// are not sent.
    static void send() throws InterruptedException {
        try (var sender = ZipcSender.open(Queues.NAME, QUEUE_SIZE, MESSAGE_SIZE)) {
            while (true) {
                boolean _ = sender.send("hello!".getBytes(UTF_8));
                Thread.sleep(PAUSE);
            }
        }
    }

    static void receive(PrintStream out) throws InterruptedException {
        try (var receiver = ZipcReceiver.open(Queues.NAME, QUEUE_SIZE, MESSAGE_SIZE)) {
            for (ZipcMessage message = receiver.receive(PATIENCE); message != null; //
                    message = receiver.receive(PATIENCE)) {
                out.println("received message of len: " + message.length());
            }
        }
    }
}
