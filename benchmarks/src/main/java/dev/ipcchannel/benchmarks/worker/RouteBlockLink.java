package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.MessageHandler;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Ours, blocks of one length by a route: sent from an array, and read where they lie, as a program
/// in C++ does it by the library whose API that is.
final class RouteBlockLink extends CountingLink {

    private final RouteWay<byte[]> way;
    private final Block block;
    private final byte[] message; // a send copies it
    private final MemorySegment words;
    private final MessageHandler checking = this::check; // once: nothing is allocated for a message
    private final MessageHandler answering = this::checkAndCopy;

    /// @param length of a block, in bytes
    RouteBlockLink(ChannelOptions options, String address, int length) throws IOException {
        way = new RouteWay<>(Codec.bytes(), options, address);
        block = new Block(length);
        message = block.blank();
        words = MemorySegment.ofArray(message);
    }

    @Override
    public String address() {
        return way.address();
    }

    @Override
    public void open() throws InterruptedException {
        way.open();
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        int _ = way.receive(checking, 1);
    }

    @Override
    public void answer() throws InterruptedException {
        int _ = way.receive(answering, 1);
        if (!isStopped()) {
            way.send(message);
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        block.write(words, sequence);
        way.send(message);
    }

    @Override
    public int drain() throws InterruptedException {
        return way.receive(checking, DRAIN_LIMIT);
    }

    @Override
    public void stop() throws InterruptedException {
        send(Block.STOP);
    }

    private void check(MemorySegment memory, long offset, long length) {
        note(block.check(memory.asSlice(offset, length), length, next()));
    }

    private void checkAndCopy(MemorySegment memory, long offset, long length) {
        check(memory, offset, length);
        MemorySegment.copy(memory, offset, words, 0, length);
    }

    @Override
    public void close() throws IOException {
        way.close();
    }
}
