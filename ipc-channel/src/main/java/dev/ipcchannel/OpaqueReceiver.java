package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.receive.Inbox;
import java.lang.ref.Cleaner.Cleanable;

/// A receiver that does not know the type of its messages: to be handed on, inside messages as
/// well, and given its type back by whoever knows it.
///
/// Any thread may use it. See [Receiver#erase].
public final class OpaqueReceiver implements AutoCloseable {

    private static final String CLOSED = "this opaque receiver was closed";
    private static final String RESTORED = "this opaque receiver is used up: it got its type back";

    private final Inbox inbox;
    private final Origin origin;
    private final InboxCloser closer;
    private final Cleanable cleanable;

    OpaqueReceiver(Inbox inbox, Origin origin) {
        this.inbox = inbox;
        this.origin = origin;
        this.closer = new InboxCloser(inbox, "an opaque receiver", null, origin);
        this.cleanable = ForgottenEnds.register(this, closer);
    }

    /// The receiver of messages of `type`, those not yet received included. This object is used up.
    ///
    /// @throws TypeMismatch if the channel was made for another type; this object stays
    /// @throws IllegalArgumentException if there is no codec for the type, see [Codec#of]
    /// @throws EndClosed if this one is closed, has moved or was used up before
    public <T> Receiver<T> as(Class<T> type) {
        return as(Codec.of(type));
    }

    /// The receiver of messages of a generic type. This object is used up. Throws what [#as(Class)]
    /// throws.
    public <T> Receiver<T> as(TypeToken<T> type) {
        return as(Codec.of(type));
    }

    /// The receiver of messages that go through `codec`. This object is used up. Throws what
    /// [#as(Class)] throws.
    public synchronized <T> Receiver<T> as(Codec<T> codec) {
        Argument.given(codec, "codec");
        checkOpen();
        MessageTypes.check(codec, inbox.settings().messageType(), "an opaque receiver");
        Receiver<T> receiver;
        try {
            receiver = new Receiver<>(inbox, codec, origin);
        } catch (OutOfMemoryError failure) { // this object stays
            throw Failures.translate(failure);
        }
        closer.giveOn();
        cleanable.clean();
        return receiver;
    }

    /// What this end and the senders made with it have in common.
    Origin origin() {
        return origin;
    }

    /// Gets ready to travel in a message.
    synchronized MovingEnd export() {
        checkOpen();
        try {
            return MovingEnd.of(inbox);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    /// Closes this receiver. The second and later closes do nothing.
    @Override
    public synchronized void close() {
        if (!closer.isGivenOn()) {
            inbox.close(CLOSED);
            cleanable.clean();
        }
    }

    @Override
    public String toString() {
        return "OpaqueReceiver[%s, %s]".formatted(inbox.settings().shownType(),
                closer.isGivenOn() || inbox.isEnded() ? "closed" : "open");
    }

    private void checkOpen() {
        if (closer.isGivenOn()) {
            throw new EndClosed(RESTORED);
        }
        if (inbox.isEnded()) {
            throw new EndClosed(CLOSED);
        }
    }
}
