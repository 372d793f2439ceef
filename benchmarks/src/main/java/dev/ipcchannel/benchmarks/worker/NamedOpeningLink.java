package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.named.NamedReceiver;
import dev.ipcchannel.named.NamedSender;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ours by name, an opening for each request: the leader opens a sender, which meets the receiver
/// that waits, sends, closes, and takes the answer from a receiver that it has open.
final class NamedOpeningLink extends CountingLink implements RequestLink {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final NamedSide side;
    private final byte[] message = new byte[Payload.LENGTH];
    private @Nullable NamedReceiver<byte[]> receiver;
    private @Nullable NamedSender<byte[]> answers; // the follower's

    /// @param address the directory for the follower, empty for the leader
    NamedOpeningLink(ChannelOptions options, String address) throws IOException {
        side = NamedSide.of(options, address);
    }

    @Override
    public String address() {
        return side.directory().toString();
    }

    @Override
    public void open() throws InterruptedException {
        receiver = NamedReceiver.open(side.in(), byte[].class, side.options());
        try (NamedSender<byte[]> opened =
                NamedSender.open(side.out(), byte[].class, side.options())) {
            opened.waitForReceivers(1, PATIENCE);
        }
        if (!side.isLeader()) {
            answers = NamedSender.open(side.out(), byte[].class, side.options());
        }
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        Payload.write(message, sequence);
        try (NamedSender<byte[]> sender =
                NamedSender.open(side.out(), byte[].class, side.options())) {
            sender.send(message);
        }
        Payload.check(receiver().receive(), sequence);
    }

    @Override
    public void answer() throws InterruptedException {
        byte[] received = receiver().receive();
        note(Payload.check(received, next()));
        NamedSender<byte[]> open = answers;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        open.send(received);
    }

    private NamedReceiver<byte[]> receiver() {
        NamedReceiver<byte[]> open = receiver;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        try {
            if (answers != null) {
                answers.close();
            }
            if (receiver != null) {
                receiver.close();
            }
        } finally {
            side.close();
        }
    }
}
