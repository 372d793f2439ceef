package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Claim;
import dev.ipcchannel.ResourceExhausted;

/// A child that sends itself a message that does not fit into its heap, prints the failure, and
/// reads the next one in place.
public final class SmallHeapChild {

    /// Bytes of the long message.
    public static final int LENGTH = 64 * 1024 * 1024;

    private SmallHeapChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<byte[]> channel = Channel.create(byte[].class)) {
            claimAndCommit(channel);
            try {
                System.out.println("received " + channel.receiver().receive().length);
            } catch (ResourceExhausted failure) {
                System.out.println(failure.getMessage());
            }
            claimAndCommit(channel);
            channel.receiver().receive(
                    (_, _, length) -> System.out.println("read in place " + length), 1);
        }
    }

    private static void claimAndCommit(Channel<byte[]> channel) throws InterruptedException {
        try (Claim claim = channel.sender().claim(LENGTH)) {
            claim.commit();
        }
    }
}
