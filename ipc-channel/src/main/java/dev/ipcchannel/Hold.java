package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Inbox;
import dev.ipcchannel.internal.lane.Owner;
import org.jspecify.annotations.Nullable;

/// The part of a [Forwarding] at its receiver: the receiver for itself, and the message in hand,
/// which is the receiver's next one until it has found its place.
///
/// No thread is in the guard while the forwarding waits for room in its queue, so that the receiver
/// can be closed.
///
/// @param <T> the type of the messages
final class Hold<T> {

    private final Receiver<T> receiver;
    private final Inbox inbox;
    private final Owner owner = new Owner("a forwarding", "close it first");
    private @Nullable T message; // inside the inbox's guard
    private volatile @Nullable Forwarding<?> holder; // set while the receiver is the owner's
    private volatile boolean isPlaced; // the message: somebody has it

    Hold(Receiver<T> receiver, Inbox inbox) {
        this.receiver = receiver;
        this.inbox = inbox;
    }

    /// From here to [#end], nobody but `forwarding` receives, by the methods that follow.
    void begin(Forwarding<?> forwarding) {
        receiver.own(owner);
        holder = forwarding;
    }

    /// Waits for a message, which stays the next one until [#placed].
    T look() throws InterruptedException {
        receiver.enter(owner);
        try {
            T found = message;
            if (found == null) {
                found = receiver.takeNext();
                isPlaced = false;
                message = found;
            }
            return found;
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        } finally {
            inbox.exit();
        }
    }

    /// The message that was looked at is somebody's now.
    ///
    /// @throws EndClosed if the receiver was closed meanwhile
    void placed() {
        isPlaced = true; // first: whoever closes the receiver leaves the message alone
        receiver.enter(owner);
        message = null;
        inbox.exit();
    }

    /// Others may receive again, first the message that was looked at.
    ///
    /// @throws EndClosed if the receiver was closed meanwhile
    void end() {
        holder = null; // first: the next forwarding may begin at once
        try {
            receiver.disown(owner);
        } catch (EndClosed closed) {
            dropMessage();
            throw closed;
        }
    }

    /// Takes a message that was handed back, inside the guard.
    ///
    /// @return null if there is none
    @Nullable
    T take() {
        T found = message;
        if (found != null) {
            message = null;
        }
        return found;
    }

    /// Whether a message was handed back. Inside the guard.
    boolean hasMessage() {
        return message != null;
    }

    /// Refuses what can only be done to messages that are not decoded. Inside the guard.
    void checkNoMessage() {
        if (message != null) {
            throw new IllegalStateException("a message that a forwarding has handed back waits in "
                    + "this receiver: receive it first");
        }
    }

    /// The receiver was closed: nobody gets a message that was handed back. One in the hands of a
    /// forwarding that still runs is seen to at its [#end].
    void close() {
        Forwarding<?> forwarding = holder;
        if (forwarding != null) {
            forwarding.wakeup();
        } else {
            dropMessage();
        }
    }

    /// After the guard was closed for ever.
    private void dropMessage() {
        T left = message;
        if (left != null && !isPlaced) {
            receiver.drop(left);
        }
    }
}
