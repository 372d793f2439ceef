package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A child that accepts a sender, or a message with an end, with too few descriptors left, and
/// prints the failure. Nothing has failed in it before.
public final class RefusingChild {

    /// The argument to receive a message with an end without a descriptor for it.
    public static final String END = "end";

    private RefusingChild() {}

    /// Says one line.
    ///
    /// @param arguments how many descriptors are left for a sender, or [#END]
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals(END)) {
            System.out.println(failureOfAnEnd());
            return;
        }
        use();
        System.out.println(failureWithDescriptors(Integer.parseInt(arguments[0])));
    }

    /// Uses a channel once. Afterwards only the classes that failures need are not loaded; to read
    /// one from a folder takes a descriptor.
    private static void use() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("announces a ring");
            String _ = channel.receiver().receive();
        }
    }

    private static String failureWithDescriptors(int left)
            throws IOException, InterruptedException {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send("announces its ring");
            Deque<FileInputStream> all = takeAll(left);
            String result = look(channel.receiver());
            closeAll(all);
            try {
                while (true) { // until the kernel reports it, or the ring is full
                    channel.sender().send("meets the refusal");
                }
            } catch (ResourceExhausted failure) {
                return failure.getMessage() + ", " + result;
            }
        }
    }

    private static String failureOfAnEnd() throws IOException, InterruptedException {
        try (Channel<List<Sender<String>>> channel = Channel.create(new TypeToken<>() {});
                Channel<String> other = Channel.create(String.class)) {
            channel.sender().send(List.of());
            List<Sender<String>> _ = channel.receiver().receive();
            channel.sender().send(List.of(other.sender().share()));
            Deque<FileInputStream> all = takeAll(0);
            String result = look(channel.receiver());
            closeAll(all);
            return result;
        }
    }

    private static String look(Receiver<?> receiver) {
        try {
            return "received " + receiver.tryReceive();
        } catch (ResourceExhausted failure) {
            return "refused as well: " + failure.getMessage();
        }
    }

    private static Deque<FileInputStream> takeAll(int butFor) throws IOException {
        Deque<FileInputStream> all = new ArrayDeque<>();
        try {
            while (true) {
                all.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            for (int i = 0; i < butFor; i++) {
                all.pop().close();
            }
            return all;
        }
    }

    private static void closeAll(Deque<FileInputStream> all) throws IOException {
        for (FileInputStream one : all) {
            one.close();
        }
    }
}
