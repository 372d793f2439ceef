package dev.ipcchannel.examples.zipc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.io.PrintStream;

/// A program that sends itself one message, and removes its queue.
final class OneProcess {

    private static final String NAME = "/test";
    private static final int QUEUE_SIZE = 64;
    private static final int MESSAGE_SIZE = 1024;

    private OneProcess() {}

    static void run(PrintStream out) {
        Zipc.unlink(NAME); // what an earlier run has left
        try (var sender = ZipcSender.open(NAME, QUEUE_SIZE, MESSAGE_SIZE);
                var receiver = ZipcReceiver.open(NAME, QUEUE_SIZE, MESSAGE_SIZE)) {
            if (!sender.send("Hello, IPC!\0".getBytes(UTF_8))) {
                throw new IllegalStateException("an empty queue is full");
            }
            ZipcMessage message = receiver.receive();
            if (message != null) {
                out.println("Received: " + Polling.text(message));
            }
        } finally {
            Zipc.unlink(NAME);
        }
    }
}
