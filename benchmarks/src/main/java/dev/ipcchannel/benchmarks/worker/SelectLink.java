package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import java.util.List;

/// Ours, many: both processes wait in `select` for one of so many receivers, and all messages come
/// to the last; the others are idle.
final class SelectLink extends CountingLink {

    private final Sides sides;
    private final ReceiverSet<byte[]> set = ReceiverSet.open();
    private final byte[] message = new byte[Payload.LENGTH]; // send copies it
    private final int active;

    /// @param count of the receivers in the set
    SelectLink(ChannelOptions options, String address, int count) {
        this.sides = new Sides(options, address, count);
        this.active = count - 1;
    }

    @Override
    public String address() {
        return sides.address();
    }

    @Override
    public void open() throws InterruptedException {
        sides.open();
        for (int i = 0; i < sides.count(); i++) {
            set.add(sides.receiver(i));
        }
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        drain();
    }

    @Override
    public void answer() throws InterruptedException {
        for (ReceiverEvent<byte[]> event : set.select()) {
            byte[] received = check(event);
            if (!isStopped()) {
                sides.sender(active).send(received);
            }
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        Payload.write(message, sequence);
        sides.sender(active).send(message);
    }

    @Override
    public int drain() throws InterruptedException {
        List<ReceiverEvent<byte[]>> events = set.select();
        for (ReceiverEvent<byte[]> event : events) {
            check(event);
        }
        return events.size();
    }

    @Override
    public void stop() throws InterruptedException {
        send(Payload.STOP);
    }

    private byte[] check(ReceiverEvent<byte[]> event) {
        if (!(event instanceof ReceiverEvent.Message<byte[]>(var receiver, byte[] received))
                || !receiver.equals(sides.receiver(active))) {
            throw new IllegalStateException("an event is not the one expected: event=" + event);
        }
        note(Payload.check(received, next()));
        return received;
    }

    @Override
    public void close() {
        set.close();
        sides.close();
    }
}
