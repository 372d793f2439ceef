package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Takes senders up where one descriptor is left, and where none is, and says what these hear.
public final class RefusingChild {

    private RefusingChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        System.out.println(heard(1));
        System.out.println(heard(0));
    }

    private static String heard(int left) throws IOException, InterruptedException {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("announces its ring");
            Deque<FileInputStream> all = takeAll();
            for (int i = 0; i < left; i++) {
                all.pop().close();
            }
            String told = look(channel);
            for (FileInputStream one : all) {
                one.close();
            }
            try {
                channel.sender().send("hears what became of it");
                return "sent, " + told;
            } catch (ResourceExhausted failure) {
                return failure.getMessage() + ", " + told;
            }
        }
    }

    private static String look(Channel<String> channel) {
        try {
            return "received " + channel.receiver().tryReceive();
        } catch (ResourceExhausted _) {
            return "told as well";
        }
    }

    private static Deque<FileInputStream> takeAll() {
        Deque<FileInputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            return all;
        }
    }
}
