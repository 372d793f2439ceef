package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.presence.Form;
import dev.ipcchannel.internal.send.Group;
import dev.ipcchannel.internal.send.Group.Unreceived;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The sending half of a connection of a broadcast channel.
///
/// @param <T> the type of the messages
final class BroadcastSender<T> {

    private static final Duration GRACE = Duration.ofSeconds(1); // to close, after the linger

    private final Group group;
    private final NamedSender<T> sender;
    private final Sender<T> waiting; // waits for a receiver, while `sender` has messages kept
    private final boolean isStrict;
    private final Duration linger;
    private final ReentrantLock ending = new ReentrantLock(); // for the warning about lost messages
    private volatile @Nullable Thread closer; // during the linger

    /// @param members the numbers of the receivers that it connects with
    BroadcastSender(Broadcast<T> channel, LongPredicate members) throws InterruptedException {
        BroadcastOptions options = channel.options();
        NumberedCodec<T> codec = new NumberedCodec<>(channel.codec(), channel.gaps());
        this.isStrict = options.strict();
        this.linger = options.linger();
        this.group = Group.numbered(
                EndAccess.settings(NumberedCodec.withHead(options.channel()), codec),
                isStrict ? Unreceived.FAIL : Unreceived.KEEP, slow(options), options.queue(),
                channel.name(), channel.dropped());
        this.waiting = EndAccess.sender(
                group.way(isStrict ? Unreceived.FAIL : Unreceived.WAIT), codec,
                end(channel));
        boolean isOpen = false;
        try {
            this.sender = new NamedSender<>(NameKind.BROADCAST, end(channel), codec, group,
                    new Form(channel.form(), members, _ -> {}));
            isOpen = true;
        } finally {
            if (!isOpen) {
                waiting.close();
            }
        }
        addToLingering();
    }

    private static NamedEnd end(Broadcast<?> channel) {
        return NamedEnd.ofBroadcast(channel.name(), "receiver", NumberedCodec.HEAD);
    }

    private void addToLingering() {
        boolean isDone = false;
        try {
            Lingering.add(this);
            isDone = true;
        } finally {
            if (!isDone) {
                end();
            }
        }
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

    /// The number of its member.
    long number() {
        return sender.member().number();
    }

    Duration linger() {
        return linger;
    }

    /// Sends a message to all receivers.
    ///
    /// @param timeout as in libipc: 0 is libipc's default, and then a message without a receiver is
    /// kept
    /// @throws TimedOut if a receiver, or the store of kept messages, had no room in time, or if
    /// there was no receiver
    /// @throws NoReceiver if there is no receiver and the channel is strict
    void send(T message, long timeout) throws InterruptedException {
        if (timeout == 0) {
            sender.send(message, Libipc.sendTime(timeout));
        } else if (timeout != IpcChannel.IMMEDIATE) {
            sender.send(waiting, message, Libipc.sendTime(timeout));
        } else if (!trySend(message)) {
            throw notNow();
        }
    }

    private TimedOut notNow() {
        int receivers = receiverCount();
        String obstacle = group.obstacle();
        return new TimedOut("there is no %s now: name=%s, receivers=%d: %s".formatted(
                receivers == 0 ? "receiver" : "room", sender.name(), receivers,
                receivers == 0 ? sender.member().whereabouts()
                        : (obstacle.isEmpty() ? "have all receive" : obstacle)
                                + ", or give the send a time"));
    }

    /// Sends a message to all receivers, if they have room now.
    ///
    /// @return false if a receiver has no room, or there is none
    /// @throws NoReceiver if there is no receiver and the channel is strict
    boolean trySend(T message) {
        SendOutcome outcome = sender.trySend(message);
        if (outcome == SendOutcome.NO_RECEIVER && isStrict) {
            throw sender.none();
        }
        return outcome == SendOutcome.SENT;
    }

    int receiverCount() {
        return sender.receiverCount();
    }

    /// Waits until there are `count` receivers at once.
    ///
    /// @return false if the timeout came first
    boolean waitForReceivers(int count, Duration timeout) throws InterruptedException {
        try {
            sender.waitForReceivers(count, timeout);
            return true;
        } catch (TimedOut _) {
            return false;
        }
    }

    /// The number of dropped messages of each receiver that is there.
    Map<NamedMember, Long> droppedByReceiver() {
        return sender.droppedByReceiver();
    }

    /// Waits, while the process exits, until all messages have gone out, and logs the number of
    /// those that have not.
    void awaitOutAtExit(Deadline deadline) {
        try {
            Thread closing = closer;
            boolean _ = closing != null ? closing.join(linger.plus(GRACE))
                    : group.awaitOut(deadline);
            giveUp();
        } catch (InterruptedException _) { // the process exits in a hurry
            Thread.currentThread().interrupt();
        }
    }

    /// Drops the messages left and logs their number. Another thread may be in [#end]; then one of
    /// the two logs them, and has done so when this returns, since the process ends next. A user's
    /// logger that blocks is not waited for.
    private void giveUp() throws InterruptedException {
        if (!ending.tryLock(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
            return;
        }
        try {
            int lost = group.giveUp();
            if (lost > 0) {
                Log.warning("a process ends before all that it has sent was received",
                        "name=%s, messages=%d".formatted(sender.name(), lost));
            }
        } finally {
            ending.unlock();
        }
    }

    /// Closes the sender. For the time of the linger, messages that wait for a receiver still go
    /// out, without the caller; if the process is about to end, the caller waits for that.
    void close() {
        if (!linger.isPositive() || !group.retire("this channel was closed")) {
            end();
            return;
        }
        boolean isLingering = false;
        try {
            sender.linger();
            if (Lingering.isGoingDown()) {
                closeOnceOut();
                Log.logRest();
            } else {
                closer = Thread.ofVirtual().name("ipc-channel linger").start(this::closeOnceOut);
            }
            isLingering = true;
        } finally {
            if (!isLingering) {
                end();
            }
        }
    }

    private void closeOnceOut() {
        try {
            boolean _ = group.awaitOut(Deadline.after(linger));
        } catch (InterruptedException _) { // as above
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /// Closes the sender. Messages that wait here are dropped.
    void end() {
        ending.lock();
        try {
            AllSteps.take(sender::close, waiting::close);
        } finally {
            ending.unlock();
        }
    }
}
