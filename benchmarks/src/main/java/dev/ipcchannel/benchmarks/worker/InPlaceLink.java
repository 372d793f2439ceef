package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.Sender;
import java.lang.foreign.MemorySegment;

/// Ours, in place: an exclusive sender's `claim` and `commit`, and `receive(handler, limit)`.
///
/// The follower answers inside its handler, by a copy from ring to ring.
final class InPlaceLink extends ChannelLink<byte[]> {

    private final MessageHandler checking = this::check; // once: nothing is allocated for a message
    private final MessageHandler answering = this::checkAndAnswer;

    InPlaceLink(ChannelOptions options, String address) {
        super(byte[].class, options, address);
    }

    @Override
    Sender<byte[]> adapt(Sender<byte[]> shared) {
        return shared.exclusive();
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        receiver().receive(checking, 1);
    }

    @Override
    public void answer() throws InterruptedException {
        receiver().receive(answering, 1);
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        try (Claim claim = sender().claim(Payload.LENGTH)) {
            Payload.write(claim.memory(), claim.offset(), sequence);
            claim.commit();
        }
    }

    @Override
    public int drain() throws InterruptedException {
        return receiver().receive(checking, DRAIN_LIMIT);
    }

    @Override
    public void stop() throws InterruptedException {
        send(Payload.STOP);
    }

    private void check(MemorySegment ring, long offset, long length) {
        note(Payload.check(ring, offset, length, next()));
    }

    private void checkAndAnswer(MemorySegment ring, long offset, long length) {
        check(ring, offset, length);
        if (isStopped()) {
            return;
        }
        try (Claim claim = sender().tryClaim(Payload.LENGTH)) {
            if (claim == null) {
                throw new IllegalStateException("no room for an answer");
            }
            MemorySegment.copy(ring, offset, claim.memory(), claim.offset(), length);
            claim.commit();
        }
    }
}
