package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// A child that uses a channel with no or few descriptors left, before any other failure.
public final class DestituteChild {

    /// The greatest number of descriptors left, less one.
    public static final int MOST = 8;

    private DestituteChild() {}

    public static void main(String[] arguments) throws Exception {
        use();
        for (int left = 0; left < MOST; left++) {
            Deque<FileInputStream> all = takeAll();
            for (int i = 0; i < left; i++) {
                all.pop().close();
            }
            String result = "used";
            try {
                use();
            } catch (ResourceExhausted failure) {
                result = "refused";
            } catch (LinkageError failure) {
                result = failure.toString();
            }
            for (FileInputStream one : all) {
                one.close();
            }
            System.out.println(result);
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

    private static void use() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("x");
            channel.receiver().receive();
        }
    }
}
