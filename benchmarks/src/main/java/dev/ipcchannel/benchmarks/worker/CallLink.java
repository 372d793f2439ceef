package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Sender;

/// Ours, a channel for each request: the leader makes one, sends its sender along, receives the
/// answer from it and closes it.
final class CallLink extends ChannelLink<CallLink.Call> implements RequestLink {

    /// A request and where its answer goes.
    ///
    /// @param sequence 0, 1, 2, … or [Payload#STOP]
    record Call(long sequence, Sender<byte[]> answers) {}

    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    private final byte[] message = new byte[Payload.LENGTH];

    CallLink(ChannelOptions options, String address) {
        super(Call.class, options, address);
    }

    @Override
    Sender<Call> adapt(Sender<Call> shared) {
        return shared;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        try (Channel<byte[]> channel = Channel.create(byte[].class, SMALL)) {
            sender().send(new Call(sequence, channel.sender()));
            Payload.check(channel.receiver().receive(), sequence);
        }
    }

    @Override
    public void answer() throws InterruptedException {
        Call call = receiver().receive();
        try (Sender<byte[]> answers = call.answers()) {
            note(call.sequence());
            if (!isStopped() && call.sequence() != next()) {
                throw Payload.unexpected(call.sequence(), Payload.LENGTH, last());
            }
            Payload.write(message, call.sequence());
            answers.send(message);
        }
    }
}
