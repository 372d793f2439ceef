package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ours, blocks of one length by two zipc queues, read where they lie.
final class ZipcLink extends CountingLink {

    private static final int SLOTS = 64;
    private static final int SLOT_LENGTH = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String address; // the queue from the leader; the other has one letter more
    private final boolean isLeader;
    private final boolean isSpinning;
    private final Block block;
    private final byte[] message; // a send copies it
    private final MemorySegment words;
    private @Nullable ZipcSender sender;
    private @Nullable ZipcReceiver receiver;

    /// @param address the queue for the follower, empty for the leader
    /// @param isSpinning whether it looks again and again, and does not sleep
    ZipcLink(String address, boolean isSpinning, int length) {
        this.isLeader = address.isEmpty();
        this.address = isLeader ? "/ipc-bench-" + ProcessHandle.current().pid() : address;
        this.isSpinning = isSpinning;
        block = new Block(length);
        message = block.blank();
        words = MemorySegment.ofArray(message);
    }

    private String back() {
        return address + "b";
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void open() {
        sender = ZipcSender.open(isLeader ? address : back(), SLOTS, SLOT_LENGTH);
        receiver = ZipcReceiver.open(isLeader ? back() : address, SLOTS, SLOT_LENGTH);
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        check(receive());
    }

    @Override
    public void answer() throws InterruptedException {
        ZipcMessage received = receive();
        check(received);
        if (!isStopped()) {
            MemorySegment.copy(received.segment(), 0, words, 0, message.length);
            send();
        }
    }

    @Override
    public void send(long sequence) {
        block.write(words, sequence);
        send();
    }

    private void send() {
        ZipcSender open = sender;
        while (open != null && !open.send(message)) {
            Thread.onSpinWait(); // full: nothing wakes a sender once there is room
        }
    }

    private ZipcMessage receive() throws InterruptedException {
        ZipcReceiver open = receiver;
        if (open == null) {
            throw new IllegalStateException("this link is not open");
        }
        ZipcMessage received = isSpinning ? open.receive() : open.receive(PATIENCE);
        while (received == null && isSpinning) {
            Thread.onSpinWait();
            received = open.receive();
        }
        if (received == null) {
            throw new IllegalStateException("the other process has sent nothing");
        }
        return received;
    }

    @Override
    public int drain() throws InterruptedException {
        check(receive());
        return 1;
    }

    @Override
    public void stop() {
        send(Block.STOP);
    }

    private void check(ZipcMessage received) {
        note(block.check(received.segment(), received.length(), next()));
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        Zipc.unlink(address);
        Zipc.unlink(back());
    }
}
