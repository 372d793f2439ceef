package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.posix.Deadline;
import dev.ipcchannel.internal.send.Group;
import java.time.Duration;

/// The sending half of a broadcast channel.
///
/// @param <T> the type of the messages
final class BroadcastSender<T> {

    private final Group group;
    private final NamedSender<T> sender;
    private final boolean isStrict;
    private final Duration linger;

    BroadcastSender(String name, Codec<T> codec, BroadcastOptions options, Form form)
            throws InterruptedException {
        NumberedCodec<T> numbered = new NumberedCodec<>(codec, new Gaps());
        this.isStrict = options.strict();
        this.linger = options.linger();
        this.group = Group.numbered(
                EndAccess.settings(NumberedCodec.withHead(options.channel()), numbered),
                isStrict ? Group.Unreceived.FAIL : Group.Unreceived.KEEP, slow(options),
                options.queue(), name);
        this.sender = new NamedSender<>(NameKind.BROADCAST, name, numbered, group, form);
        numbered.sendAs(sender.number());
        Lingering.add(this);
    }

    private static Group.Slow slow(BroadcastOptions options) {
        return switch (options.slowReader()) {
            case WAIT -> Group.Slow.WAIT;
            case FAIL -> Group.Slow.FAIL;
            case DROP_NEWEST -> Group.Slow.DROP_NEWEST;
            case DROP_OLDEST -> Group.Slow.DROP_OLDEST;
            case DISCONNECT -> Group.Slow.DISCONNECT;
        };
    }

    long number() {
        return sender.number();
    }

    Duration linger() {
        return linger;
    }

    /// Sends a message to all receivers, or keeps it for the first ones.
    ///
    /// @throws TimedOut if a receiver, or those that are kept, had no room in time
    void sendOrKeep(T message, Duration timeout) throws InterruptedException {
        sender.send(message, timeout);
    }

    /// Sends a message to all receivers, and waits for one if there is none.
    ///
    /// @throws TimedOut if a receiver had no room in time, or there was none
    void send(T message, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        if (!isStrict && receiverCount() == 0 && !waitForReceivers(1, timeout)) {
            throw new TimedOut("no receiver came within the time given: name=%s, timeout=%s: %s"
                    .formatted(sender.name(), ShownTime.of(timeout), sender.whereabouts()));
        }
        sender.send(message, Duration.ofNanos(deadline.remainingNanos()));
    }

    SendOutcome trySend(T message) {
        return sender.trySend(message);
    }

    int receiverCount() {
        return sender.receiverCount();
    }

    /// Waits for so many receivers at once.
    ///
    /// @return false if the time was over first
    boolean waitForReceivers(int count, Duration timeout) throws InterruptedException {
        try {
            sender.waitForReceivers(count, timeout);
            return true;
        } catch (TimedOut _) {
            return false;
        }
    }

    long dropped() {
        return group.dropped();
    }

    /// Waits until no message waits here.
    void awaitOut(Deadline deadline) {
        try {
            boolean _ = group.awaitOut(deadline);
        } catch (InterruptedException _) { // the exit of a process that is in a hurry
            Thread.currentThread().interrupt();
        }
    }

    /// Closes it. What waits here for a receiver goes out for a while, without the caller, unless the
    /// process is about to end.
    void close() {
        if (!linger.isPositive() || !group.retire("this channel was closed")) {
            sender.close();
            return;
        }
        sender.linger();
        if (Lingering.isGoingDown()) {
            closeOnceOut();
        } else {
            Thread _ = Thread.ofVirtual().name("ipc-channel linger").start(this::closeOnceOut);
        }
    }

    private void closeOnceOut() {
        try {
            awaitOut(Deadline.after(linger));
        } finally {
            sender.close();
        }
    }
}
