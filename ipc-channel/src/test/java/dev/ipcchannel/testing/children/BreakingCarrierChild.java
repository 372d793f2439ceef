package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Sender;
import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.Worker;

/// A worker in which a thread ends by an error while it makes an answer with an end in it; when it
/// ends, it prints whether that end is still connected.
public final class BreakingCarrierChild {

    /// An answer.
    public record Carry(Sender<String> end) {}

    /// The beginning of its line, before true or false.
    public static final String CONNECTED = "connected=";

    private BreakingCarrierChild() {}

    /// Works until the set is closed.
    ///
    /// @param arguments anything if it is to receive its jobs by itself
    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<String> channel = Channel.create(String.class);
                Worker<String, Carry> worker = Worker.connect(String.class, Carry.class)) {
            if (arguments.length == 0) {
                worker.serve((_, _) -> answer(channel));
            }
            while (worker.receive() instanceof Job.Bidirectional<String, Carry>(_, var reply)) {
                reply.send(answer(channel));
            }
            System.err.println(CONNECTED + channel.receiver().isConnected());
        }
    }

    private static Carry answer(Channel<String> channel) throws InterruptedException {
        Thread.ofPlatform().start(() -> {
            throw new OutOfMemoryError("of a thread");
        }).join();
        return new Carry(channel.sender());
    }
}
