package dev.ipcchannel.examples.zipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.io.PrintStream;
import java.time.Duration;

/// A sender of five greetings a second, each a C string with a zero at its end, and a receiver that
/// polls for them. `sender.cpp` and `receiver.cpp` are the same in C++.
final class Polling {

    private static final int QUEUE_SIZE = 64;
    private static final int MESSAGE_SIZE = 1024;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private Polling() {}

    /// Sends until it is stopped.
    static void send() throws InterruptedException {
        try (var sender = ZipcSender.open(Queues.NAME, QUEUE_SIZE, MESSAGE_SIZE)) {
            while (true) {
                boolean _ = sender.send("hello\0".getBytes(UTF_8));
                Thread.sleep(PAUSE);
            }
        }
    }

    /// Receives until it is stopped.
    static void receive(PrintStream out) throws InterruptedException {
        try (var receiver = ZipcReceiver.open(Queues.NAME, QUEUE_SIZE, MESSAGE_SIZE)) {
            while (true) {
                ZipcMessage message = receiver.receive();
                if (message != null) {
                    out.println("Received: " + text(message));
                } else {
                    Thread.sleep(BETWEEN_LOOKS);
                }
            }
        }
    }

    /// The text before the zero. The message comes from another program, so it may have no zero.
    static String text(ZipcMessage message) {
        String text = new String(message.bytes(), UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
