package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Sender;

/// Ours, typed: `send` and `receive` of a `String` of 48 characters, as a newcomer writes it.
///
/// The strings are made beforehand, and each has another sequence in it; the receiver compares.
final class StringLink extends ChannelLink<String> {

    private static final int COUNT = 256;
    private static final String STOP = "stop";

    private final String[] messages = new String[COUNT];
    private int expected;
    private boolean isStopped;

    StringLink(ChannelOptions options, String address) {
        super(String.class, options, address);
        for (int i = 0; i < COUNT; i++) {
            messages[i] = "message %03d ".formatted(i).repeat(4);
            if (messages[i].length() != Payload.LENGTH) {
                throw new AssertionError("a message has the wrong length: " + messages[i]);
            }
        }
    }

    @Override
    Sender<String> adapt(Sender<String> shared) {
        return shared;
    }

    @Override
    public void restart() {
        expected = 0;
        isStopped = false;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        send(sequence);
        check(receiver().receive());
    }

    @Override
    public void answer() throws InterruptedException {
        String received = receiver().receive();
        check(received);
        if (!isStopped) {
            sender().send(received);
        }
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        sender().send(messages[(int) sequence & COUNT - 1]);
    }

    @Override
    public int drain() throws InterruptedException {
        check(receiver().receive());
        return 1;
    }

    @Override
    public void stop() throws InterruptedException {
        sender().send(STOP);
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }

    private void check(String received) {
        if (received.equals(messages[expected & COUNT - 1])) {
            expected++;
            return;
        }
        if (!received.equals(STOP)) {
            throw Payload.unexpected(received, received.length(), expected & COUNT - 1);
        }
        isStopped = true;
    }
}
