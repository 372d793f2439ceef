package dev.ipcchannel.named;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Pause;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One connection of a broadcast channel to its name: a member that sends, one that receives, or
/// both, until it is closed. Any thread may use it.
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

    /// Connects. The sender comes first: it is what may be refused, a `ROUTE` having one, and a
    /// receiver that had joined by then would have got the messages that are kept for the first.
    /// The two members do not meet, unless they are told to: the sender's number is known when the
    /// receiver looks for others, and that one's is known when the sender looks again.
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
                sender.end(); // which has sent nothing
            }
        }
    }

    ConnMode mode() {
        return mode;
    }

    /// The half that sends.
    ///
    /// @throws IllegalStateException if there is none
    BroadcastSender<T> sender() {
        BroadcastSender<T> half = sender;
        if (half == null) {
            throw wrongMode("send", ConnMode.SENDER);
        }
        return half;
    }

    /// The half that receives.
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

    /// Whether a sender has cut it off as too slow.
    boolean isCutOff() {
        return receiver != null && receiver.isCutOff();
    }

    /// How many receivers a message reaches, or, where it sends none, the directory has.
    int receiverCount() {
        return sender != null ? sender.receiverCount() : receiver().receiverCount();
    }

    /// Waits for so many receivers at once.
    ///
    /// @return false if the time was over first
    /// @throws IpcException if this is closed meanwhile
    boolean waitForReceivers(int count, Duration timeout) throws InterruptedException {
        return sender != null ? sender.waitForReceivers(count, timeout)
                : areListed(count, Deadline.after(timeout));
    }

    /// Nobody notifies a receiver of others: it looks again and again.
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

    /// Leaves the name: once this returns, no sender counts its receiver, and what that has not
    /// received is dropped. Waits for the senders, for two seconds at most.
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

    /// Closes it, without waiting.
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
