package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.ref.Cleaner.Cleanable;

/// A receiver without the type of its messages, for code that hands receivers on, inside messages
/// as well. Code that knows the type turns it back into a [Receiver].
///
/// Any thread may use it. See [Receiver#erase].
public final class OpaqueReceiver extends Transferable {

    private static final EndKind<OpaqueReceiver> KIND = new EndKind<>() {

        @Override
        OpaqueReceiver take(Transfer words, ArrivedEnds arrived) {
            return arrived.noted(OpaqueReceiver::close,
                    new OpaqueReceiver(arrived.receiver(words), new Origin()));
        }
    };

    static {
        EndKind.register(OpaqueReceiver.class,
                new EndKind.Family("opaqueReceiver", true, (_, _) -> KIND));
    }

    private static final String CLOSED = "this opaque receiver was closed";
    private static final String RESTORED = "this opaque receiver is used up: it got its type back";

    private final Incoming way;
    private final Origin origin;
    private final EndCloser closer;
    private final Cleanable cleanable;

    OpaqueReceiver(Incoming way, Origin origin) {
        this.way = way;
        this.origin = origin;
        this.closer = new EndCloser(way, "an opaque receiver", null, origin,
                Receiver.FORGOTTEN);
        this.cleanable = ForgottenEnds.register(this, closer);
    }

    /// The kind of opaque receivers, for [Decoder#get(EndKind)].
    public static EndKind<OpaqueReceiver> kind() {
        return KIND;
    }

    /// A receiver of messages of `type`, those not yet received included. This object is used up.
    ///
    /// @throws TypeMismatch if the channel was made for another type; this object can still be used
    /// @throws IllegalArgumentException if there is no codec for the type, see [Codec#of]
    /// @throws EndClosed if this object is closed, has moved or was used up before
    public <T> Receiver<T> as(Class<T> type) {
        return as(Codec.of(type));
    }

    /// A receiver of messages of a generic type. This object is used up. Throws what [#as(Class)]
    /// throws.
    public <T> Receiver<T> as(TypeToken<T> type) {
        return as(Codec.of(type));
    }

    /// A receiver of messages that go through `codec`. This object is used up. Throws what
    /// [#as(Class)] throws.
    public synchronized <T> Receiver<T> as(Codec<T> codec) {
        Argument.given(codec, "codec");
        checkOpen();
        MessageTypes.check(codec, way.settings().messageType(), "an opaque receiver");
        Receiver<T> receiver;
        try {
            receiver = new Receiver<>(way, codec, origin);
        } catch (OutOfMemoryError failure) { // this object can still be used
            throw Failures.translate(failure);
        }
        closer.giveOn();
        cleanable.clean();
        return receiver;
    }

    @Override
    Origin receiverOrigin() {
        return origin;
    }

    /// Gets ready to travel in a message.
    @Override
    synchronized Moving export() {
        checkOpen();
        try {
            return Moving.of(way);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    /// Closes this receiver. The second and later closes do nothing.
    @Override
    public synchronized void close() {
        if (!closer.isGivenOn()) {
            way.close(CLOSED);
            cleanable.clean();
        }
    }

    @Override
    public String toString() {
        return "OpaqueReceiver[%s, %s]".formatted(way.settings().shownType(),
                closer.isGivenOn() || way.isEnded() ? "closed" : "open");
    }

    private void checkOpen() {
        if (closer.isGivenOn()) {
            throw new EndClosed(RESTORED);
        }
        if (way.isEnded()) {
            throw new EndClosed(CLOSED);
        }
    }
}
