package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SharedBytes;
import java.util.ArrayList;
import java.util.List;

/// A child that makes blocks of shared bytes until there is no more memory, prints the failure, and
/// sends itself a long message once they are closed.
public final class HoardingBytesChild {

    /// Its last line.
    public static final String RECOVERED = "received 16777216";

    private static final int LENGTH = 16 << 20;

    private HoardingBytesChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<SharedBytes> hoard = new ArrayList<>();
        try {
            while (true) {
                hoard.add(SharedBytes.create(LENGTH, bytes -> bytes.fill((byte) 1)));
            }
        } catch (ResourceExhausted failure) {
            System.out.println(hoard.size());
            System.out.println(failure.getMessage());
        }
        hoard.forEach(SharedBytes::close);
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            channel.sender().send(new byte[LENGTH]);
            System.out.println("received " + channel.receiver().receive().length);
        }
    }
}
