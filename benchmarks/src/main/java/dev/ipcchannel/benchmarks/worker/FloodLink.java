package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Ours, a flood beside quiet channels: the follower selects from three receivers and answers what
/// comes to two of them, in turn; the third is flooded, or not.
///
/// One thread of the leader does everything, or the flood and the wait for an answer would take the
/// same processor from each other: it sends a burst of the flood, looks for the answer, and so on.
final class FloodLink implements Link {

    private static final int LOUD = 0;
    private static final int MEMBERS = 3; // the others are quiet
    private static final int BURST = 16;
    private static final int BATCH = 16; // of exchanges that are paused between

    private final Sides sides;
    private final ReceiverSet<byte[]> set = ReceiverSet.open();
    private final boolean isFlooded;
    private final long pauseNanos;
    private final byte[] message = new byte[Payload.LENGTH]; // send copies it
    private final long[] expected = new long[MEMBERS]; // of what the follower receives
    private long flooded; // messages, so far
    private int stopped; // members

    /// @param isFlooded whether the first member is flooded
    /// @param pauseMicros between an answer and the next message to a quiet member
    FloodLink(ChannelOptions options, String address, boolean isFlooded, long pauseMicros) {
        this.sides = new Sides(options, address, MEMBERS);
        this.isFlooded = isFlooded;
        this.pauseNanos = TimeUnit.MICROSECONDS.toNanos(pauseMicros);
    }

    @Override
    public String address() {
        return sides.address();
    }

    @Override
    public void open() throws InterruptedException {
        sides.open();
        for (int i = 0; i < MEMBERS && !sides.isLeader(); i++) {
            set.add(sides.receiver(i));
        }
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public void restart() {
        Arrays.fill(expected, 0);
        flooded = 0;
        stopped = 0;
    }

    @Override
    public void prepare() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < pauseNanos) {
            flood();
            Thread.onSpinWait();
        }
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        int quiet = 1 + (int) (sequence & 1);
        Payload.write(message, sequence >> 1);
        sides.sender(quiet).send(message);
        byte[] answer = sides.receiver(quiet).tryReceive();
        while (answer == null) {
            flood();
            answer = sides.receiver(quiet).tryReceive();
        }
        Payload.check(answer, sequence >> 1);
    }

    private void flood() {
        for (int i = 0; i < BURST && isFlooded; i++) {
            Payload.write(message, flooded);
            if (sides.sender(LOUD).trySend(message) == SendOutcome.FULL) {
                return;
            }
            flooded++;
        }
    }

    @Override
    public void answer() throws InterruptedException {
        drain();
    }

    @Override
    public int drain() throws InterruptedException {
        int received = 0;
        for (ReceiverEvent<byte[]> event : set.select()) {
            received++;
            if (!(event instanceof ReceiverEvent.Message<byte[]>(var receiver, byte[] bytes))) {
                throw new IllegalStateException("an event is not a message: event=" + event);
            }
            take(indexOf(receiver), bytes);
        }
        return received;
    }

    private void take(int member, byte[] bytes) throws InterruptedException {
        if (Payload.check(bytes, expected[member]++) == Payload.STOP) {
            stopped++;
        } else if (member != LOUD) {
            sides.sender(member).send(bytes);
        }
    }

    private int indexOf(Receiver<?> receiver) {
        int member = 0;
        while (!receiver.equals(sides.receiver(member))) {
            member++;
        }
        return member;
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        prepare();
        exchange(sequence);
    }

    @Override
    public void stop() throws InterruptedException {
        Payload.write(message, Payload.STOP);
        for (int i = 0; i < MEMBERS; i++) {
            sides.sender(i).send(message);
        }
    }

    /// Each member's last message has come, so nothing of a slice is left in the next one.
    @Override
    public boolean isStopped() {
        return stopped == MEMBERS;
    }

    @Override
    public void close() {
        set.close();
        sides.close();
    }
}
