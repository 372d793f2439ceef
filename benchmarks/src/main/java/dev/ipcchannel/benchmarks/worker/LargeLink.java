package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.Sender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Ours, messages of 1 MiB: in place, copied in and out as the C program does, or as arrays.
final class LargeLink extends ChannelLink<byte[]> {

    private static final int LENGTH = 1024 * 1024;
    private static final int BATCH = 8;

    private final boolean isInPlace;
    private final MessageHandler copying = this::copyOut;
    private final Block block = new Block(LENGTH);
    private final byte[] array = block.blank();
    private final MemorySegment own; // copied from where messages are sent, to where they arrive

    LargeLink(ChannelOptions options, String address, boolean isInPlace) {
        super(byte[].class, options, address);
        this.isInPlace = isInPlace;
        own = isInPlace
                ? Arena.global().allocate(LENGTH, Long.BYTES)
                        .copyFrom(MemorySegment.ofArray(array))
                : MemorySegment.ofArray(array);
    }

    @Override
    Sender<byte[]> adapt(Sender<byte[]> shared) {
        return shared.exclusive();
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        drain();
    }

    @Override
    public void answer() throws InterruptedException {
        drain();
        if (!isStopped()) {
            send(last());
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        block.write(own, sequence);
        if (!isInPlace) {
            sender().send(array);
            return;
        }
        try (Claim claim = sender().claim(LENGTH)) {
            MemorySegment.copy(own, 0, claim.memory(), claim.offset(), LENGTH);
            claim.commit();
        }
    }

    @Override
    public int drain() throws InterruptedException {
        if (isInPlace) {
            return receiver().receive(copying, 1);
        }
        byte[] received = receiver().receive();
        check(MemorySegment.ofArray(received), received.length);
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        send(Block.STOP);
    }

    private void copyOut(MemorySegment memory, long offset, long length) {
        MemorySegment.copy(memory, offset, own, 0, length);
        check(own, length);
    }

    private void check(MemorySegment message, long length) {
        note(block.check(message, length, next()));
    }
}
