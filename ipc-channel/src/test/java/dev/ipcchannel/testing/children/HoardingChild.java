package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A child that makes channels until it may not, prints the failure, closes them, and uses one
/// more.
public final class HoardingChild {

    /// Its last line.
    public static final String RECOVERED = "recovered";

    private HoardingChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        speak();
        List<Channel<String>> hoard = new ArrayList<>();
        try {
            while (true) {
                hoard.add(Channel.create(String.class));
                hoard.getLast().sender().send("takes descriptors too");
            }
        } catch (ResourceExhausted failure) {
            hoard.forEach(Channel::close);
            System.out.println(failure.getMessage());
        }
        System.out.println(speak());
    }

    private static String speak() throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class)) {
            channel.sender().send(RECOVERED);
            return channel.receiver().receive();
        }
    }
}
