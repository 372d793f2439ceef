package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Sender;

/// Ours, typed: `send` and `receive` of a `byte[]`, as a newcomer writes it, with the shared
/// sender.
final class BytesLink extends ChannelLink<byte[]> {

    private final byte[] message = new byte[Payload.LENGTH]; // send copies it

    BytesLink(ChannelOptions options, String address) {
        super(byte[].class, options, address);
    }

    @Override
    Sender<byte[]> adapt(Sender<byte[]> shared) {
        return shared;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        check(receiver().receive());
    }

    @Override
    public void answer() throws InterruptedException {
        byte[] received = receiver().receive();
        check(received);
        if (!isStopped()) {
            sender().send(received);
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        Payload.write(message, sequence);
        sender().send(message);
    }

    @Override
    public int drain() throws InterruptedException {
        check(receiver().receive());
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        send(Payload.STOP);
    }

    private void check(byte[] received) {
        note(Payload.check(received, next()));
    }
}
