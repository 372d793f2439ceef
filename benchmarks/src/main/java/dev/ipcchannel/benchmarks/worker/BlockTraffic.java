package dev.ipcchannel.benchmarks.worker;

import java.lang.foreign.MemorySegment;

/// Blocks of one length, as arrays of bytes.
final class BlockTraffic implements Traffic<byte[]> {

    private final Block block;
    private final byte[] message; // a send copies it
    private final MemorySegment words;
    private long expected;
    private boolean isStopped;

    /// @param length in bytes
    BlockTraffic(int length) {
        block = new Block(length);
        message = block.blank();
        words = MemorySegment.ofArray(message);
    }

    @Override
    public void restart() {
        expected = 0;
        isStopped = false;
    }

    @Override
    public byte[] message(long sequence) {
        block.write(words, sequence);
        return message;
    }

    @Override
    public byte[] stop() {
        return message(Block.STOP);
    }

    @Override
    public void check(byte[] received) {
        isStopped = block.check(MemorySegment.ofArray(received), received.length, expected++)
                == Block.STOP;
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }
}
