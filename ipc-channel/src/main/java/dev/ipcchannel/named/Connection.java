package dev.ipcchannel.named;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Pause;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A connection of a broadcast channel to its name: a sending member, a receiving member, or both,
/// until it is closed. Any thread may use it.
///
/// @param <T> the type of the messages
final class Connection<T> {

    private static final long LOOK_NANOS = 20_000_000;

    private final Broadcast<T> channel;
    private final ConnMode mode;
    private final @Nullable BroadcastSender<T> sender;
    private final @Nullable BroadcastReceiver<T> receiver;
    private volatile boolean isOver;

    private Connection(Broadcast<T> channel, ConnMode mode, @Nullable BroadcastSender<T> sender,
            @Nullable BroadcastReceiver<T> receiver) {
        this.channel = channel;
        this.mode = mode;
        this.sender = sender;
        this.receiver = receiver;
    }

    /// Connects. The sender joins first, since it may be refused if a `ROUTE` has a sender already;
    /// a receiver that had joined before would then have taken the messages kept for the first
    /// receiver. Without loopback, the two members do not connect with each other: the sender's
    /// number is known when the receiver looks for senders, and the receiver's number is known when
    /// the sender looks again.
    static <T> Connection<T> open(Broadcast<T> channel, ConnMode mode)
            throws InterruptedException {
        boolean isAlone = !channel.options().loopback();
        AtomicLong own = new AtomicLong(); // the number of the receiver, once there is one
        BroadcastSender<T> sender = mode.sends()
                ? new BroadcastSender<>(channel, other -> !isAlone || other != own.get()) : null;
        boolean isOpen = false;
        try {
            BroadcastReceiver<T> receiver = null;
            if (mode.receives()) {
                long besides = isAlone && sender != null ? sender.number() : 0;
                receiver = new BroadcastReceiver<>(channel,
                        other -> besides == 0 || other != besides);
                own.set(receiver.number());
            }
            isOpen = true;
            return new Connection<>(channel, mode, sender, receiver);
        } finally {
            if (!isOpen && sender != null) {
                sender.end(); // it has sent nothing
            }
        }
    }

    ConnMode mode() {
        return mode;
    }

    /// The sending half.
    ///
    /// @throws IllegalStateException if there is none
    BroadcastSender<T> sender() {
        BroadcastSender<T> half = sender;
        if (half == null) {
            throw wrongMode("send", ConnMode.SENDER);
        }
        return half;
    }

    /// The receiving half.
    ///
    /// @throws IllegalStateException if there is none
    BroadcastReceiver<T> receiver() {
        BroadcastReceiver<T> half = receiver;
        if (half == null) {
            throw wrongMode("receive", ConnMode.RECEIVER);
        }
        return half;
    }

    private IllegalStateException wrongMode(String verb, ConnMode wanted) {
        return new IllegalStateException(
                "this channel does not %s: name=%s, mode=%s: open it as %s or BOTH"
                        .formatted(verb, channel.name(), mode, wanted));
    }

    /// Whether a sender has cut this connection off as too slow.
    boolean isCutOff() {
        return receiver != null && receiver.isCutOff();
    }

    /// The number of receivers that a message reaches; for a connection that does not send, the
    /// number in the directory.
    int receiverCount() {
        return sender != null ? sender.receiverCount() : receiver().receiverCount();
    }

    /// Waits until there are `count` receivers at once.
    ///
    /// @return false if the timeout came first
    /// @throws IpcException if the connection is closed meanwhile
    boolean waitForReceivers(int count, Duration timeout) throws InterruptedException {
        return sender != null ? sender.waitForReceivers(count, timeout)
                : areListed(count, Deadline.after(timeout));
    }

    /// Polls the directory: a receiver gets no notifications about other receivers.
    private boolean areListed(int count, Deadline deadline) throws InterruptedException {
        while (!isOver && receiverCount() < count) {
            if (deadline.isPast()) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Pause.of(Math.min(LOOK_NANOS, deadline.remainingNanos()));
        }
        if (isOver) {
            throw Libipc.notConnected(channel.name());
        }
        return true;
    }

    /// Leaves the name. When this returns, no sender counts its receiver, and messages not yet
    /// received are dropped. Waits for the senders, two seconds at most.
    void leave() throws InterruptedException {
        isOver = true;
        try {
            if (sender != null) {
                sender.close();
            }
        } finally {
            if (receiver != null) {
                receiver.disconnect();
            }
        }
    }

    /// Closes the connection without waiting.
    void close() {
        isOver = true;
        try {
            if (sender != null) {
                sender.close();
            }
        } finally {
            if (receiver != null) {
                receiver.close();
            }
        }
    }
}
