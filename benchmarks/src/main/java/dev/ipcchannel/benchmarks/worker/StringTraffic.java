package dev.ipcchannel.benchmarks.worker;

/// Strings of 48 characters, as a newcomer sends them.
///
/// They are made beforehand, and each has another sequence in it; the receiver compares.
final class StringTraffic implements Traffic<String> {

    private static final int COUNT = 256;
    private static final String STOP = "stop";

    private final String[] messages = new String[COUNT];
    private int expected;
    private boolean isStopped;

    StringTraffic() {
        for (int i = 0; i < COUNT; i++) {
            messages[i] = "message %03d ".formatted(i).repeat(4);
            if (messages[i].length() != Payload.LENGTH) {
                throw new AssertionError("a message has the wrong length: " + messages[i]);
            }
        }
    }

    @Override
    public void restart() {
        expected = 0;
        isStopped = false;
    }

    @Override
    public String message(long sequence) {
        return messages[(int) sequence & (COUNT - 1)];
    }

    @Override
    public String stop() {
        return STOP;
    }

    @Override
    public void check(String received) {
        if (received.equals(messages[expected & (COUNT - 1)])) {
            expected++;
            return;
        }
        if (!received.equals(STOP)) {
            throw Payload.unexpected(received, received.length(), expected & (COUNT - 1));
        }
        isStopped = true;
    }

    @Override
    public boolean isStopped() {
        return isStopped;
    }
}
