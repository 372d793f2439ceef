package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.named.IpcChannel;
import dev.ipcchannel.torture.Numbered;
import dev.ipcchannel.torture.hostile.Verbs.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A thread that receives by name, from an honest sender and from a hostile peer. Each message of
/// the honest sender has to be whole, and later than its predecessor.
final class HonestReceiver {

    private static final int MOMENT_MILLIS = 20;
    private static final Duration MOMENT = Duration.ofMillis(MOMENT_MILLIS);
    private static final int BATCH = 8;

    private final IpcChannel<byte[]> channel;
    private final long base;
    private final Verbs verbs;
    private final SplittableRandom random;
    private final Thread thread;
    private volatile long last; // number of the honest sender, without the base
    private volatile long missing;
    private volatile boolean isOver;

    /// @param channel that it takes over
    /// @param base of the honest sender's numbers
    HonestReceiver(IpcChannel<byte[]> channel, long base, Verbs verbs, SplittableRandom random) {
        this.channel = channel;
        this.base = base;
        this.verbs = verbs;
        this.random = random;
        this.thread = Thread.ofPlatform().daemon().name("honest receiver").unstarted(this::receive);
    }

    void start() {
        thread.start();
    }

    /// The number of the last message of the honest sender.
    long last() {
        return last;
    }

    /// The number of that sender's messages that are missing before the last one received.
    long missing() {
        return missing;
    }

    private void receive() {
        MessageHandler inPlace = (memory, offset, length) -> check(
                memory.asSlice(offset, length).asByteBuffer());
        channel.onGap(missing -> checkCounted(missing, channel.lost()));
        while (!isOver) {
            Outcome<?> outcome = switch (random.nextInt(4)) {
                case 0 -> verbs.run("receive by name in place", MOMENT,
                        () -> channel.receive(inPlace, BATCH, MOMENT_MILLIS));
                case 1 -> verbs.run("tryReceive by name", Duration.ZERO, () -> {
                    checkIfAny(channel.tryReceive());
                    return true;
                });
                default -> verbs.run("receive by name", MOMENT, () -> {
                    check(ByteBuffer.wrap(channel.receive(MOMENT_MILLIS)));
                    return true;
                });
            };
            if (outcome.isEnd() && !isOver) {
                verbs.fault("a peer ends a receiver that others send to: " + outcome.failure());
                return;
            }
        }
    }

    private void checkCounted(long missing, long lost) {
        if (missing <= 0 || lost < missing) {
            verbs.fault("missing messages are counted wrongly: missing=%d, lost=%d".formatted(
                    missing, lost));
        }
    }

    private void checkIfAny(byte @Nullable [] message) {
        if (message != null) {
            check(ByteBuffer.wrap(message));
        }
    }

    private void check(ByteBuffer message) {
        if (message.remaining() < Long.BYTES || (message.getLong(0) ^ base) >>> 32 != 0) {
            verbs.count("messages received of the peer");
            return;
        }
        long number = message.getLong(0) - base;
        String wrongs = Numbered.wrongs(message.getLong(0), NameVictim.LONGEST, message);
        if (number <= last) {
            verbs.fault("a message came after a later one: number=%d, last=%d".formatted(number,
                    last));
        } else if (!wrongs.isEmpty()) {
            verbs.fault("a message of another sender is not whole: " + wrongs);
        }
        missing = missing + number - last - 1; // this thread alone writes both
        last = number;
    }

    /// Ends the thread.
    void close() {
        isOver = true;
        channel.close();
        try {
            if (thread.isAlive() && !thread.join(Verbs.HOLD)) {
                verbs.fault("a peer holds a thread that receives by name, also after a close");
            }
        } catch (InterruptedException _) { // nothing in this storm interrupts
            Thread.currentThread().interrupt();
        }
    }
}
