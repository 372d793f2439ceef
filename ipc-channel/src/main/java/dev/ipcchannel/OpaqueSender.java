package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Share;
import java.lang.ref.Cleaner.Cleanable;

/// A sender that does not know the type of its messages: to be handed on, inside messages as well,
/// and given its type back by whoever knows it.
///
/// Any thread may use it. See [Sender#erase].
public final class OpaqueSender implements AutoCloseable {

    private static final String CLOSED = "this opaque sender was closed";
    private static final String RESTORED = "this opaque sender is used up: it got its type back";

    private final Outbox outbox;
    private final Share share;
    private final Origin origin;
    private final Cleanable cleanable;

    OpaqueSender(Outbox outbox, Share share, Origin origin) {
        this.outbox = outbox;
        this.share = share;
        this.origin = origin;
        this.cleanable = ForgottenEnds.register(this,
                new ShareCloser(outbox, share, "an opaque sender", null, CLOSED));
    }

    /// The sender of messages of `type`. This object is used up.
    ///
    /// @throws TypeMismatch if the channel was made for another type; this object stays
    /// @throws IllegalArgumentException if there is no codec for the type, see [Codec#of]
    /// @throws EndClosed if this one is closed, has moved or was used up before
    public <T> Sender<T> as(Class<T> type) {
        return as(Codec.of(type));
    }

    /// The sender of messages of a generic type. This object is used up. Throws what [#as(Class)]
    /// throws.
    public <T> Sender<T> as(TypeToken<T> type) {
        return as(Codec.of(type));
    }

    /// The sender of messages that go through `codec`. This object is used up. Throws what
    /// [#as(Class)] throws.
    public <T> Sender<T> as(Codec<T> codec) {
        Argument.given(codec, "codec");
        try {
            MessageTypes.check(codec, outbox.settings().messageType(), "an opaque sender");
            Sender<T> sender = restored(codec, outbox.share(share));
            outbox.end(share, RESTORED);
            cleanable.clean();
            return sender;
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    private <T> Sender<T> restored(Codec<T> codec, Share newShare) {
        try {
            return new Sender<>(outbox, newShare, codec, origin);
        } catch (OutOfMemoryError failure) { // this object stays
            outbox.end(newShare, RESTORED);
            throw failure;
        }
    }

    /// Gets ready to travel in a message.
    Passenger board() {
        try {
            return Passenger.of(outbox, share);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    /// Closes this sender. The second and later closes do nothing.
    @Override
    public void close() {
        outbox.end(share, CLOSED);
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "OpaqueSender[%s, %s]".formatted(outbox.settings().shownType(),
                share.isEnded() ? "closed" : "open");
    }
}
