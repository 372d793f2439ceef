package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.ref.Cleaner.Cleanable;

/// A sender without the type of its messages, for code that hands senders on, inside messages as
/// well. Code that knows the type turns it back into a [Sender].
///
/// Any thread may use it. See [Sender#erase].
public final class OpaqueSender extends Transferable {

    private static final EndKind<OpaqueSender> KIND = new EndKind<>() {

        @Override
        OpaqueSender take(Transfer words, ArrivedEnds arrived) {
            return arrived.noted(OpaqueSender::close,
                    new OpaqueSender(arrived.sender(words), new Origin()));
        }
    };

    static {
        EndKind.register(OpaqueSender.class,
                new EndKind.Family("opaqueSender", true, (_, _) -> KIND));
    }

    private static final String CLOSED = "this opaque sender was closed";
    private static final String RESTORED = "this opaque sender is used up: it got its type back";

    private final Movable way;
    private final Origin origin;
    private final Cleanable cleanable;

    OpaqueSender(Movable way, Origin origin) {
        this.way = way;
        this.origin = origin;
        this.cleanable = ForgottenEnds.register(this,
                new EndCloser(way, "an opaque sender", null, origin, CLOSED));
    }

    /// The kind of opaque senders, for [Decoder#get(EndKind)].
    public static EndKind<OpaqueSender> kind() {
        return KIND;
    }

    /// A sender of messages of `type`. This object is used up.
    ///
    /// @throws TypeMismatch if the channel was made for another type; this object can still be used
    /// @throws IllegalArgumentException if there is no codec for the type, see [Codec#of]
    /// @throws EndClosed if this object is closed, has moved or was used up before
    public <T> Sender<T> as(Class<T> type) {
        return as(Codec.of(type));
    }

    /// A sender of messages of a generic type. This object is used up. Throws what [#as(Class)]
    /// throws.
    public <T> Sender<T> as(TypeToken<T> type) {
        return as(Codec.of(type));
    }

    /// A sender of messages that go through `codec`. This object is used up. Throws what
    /// [#as(Class)] throws.
    public <T> Sender<T> as(Codec<T> codec) {
        Argument.given(codec, "codec");
        try {
            MessageTypes.check(codec, way.settings().messageType(), "an opaque sender");
            Sender<T> sender = restored(codec, way.share());
            way.end(RESTORED);
            cleanable.clean();
            return sender;
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    private <T> Sender<T> restored(Codec<T> codec, Movable another) {
        try {
            return new Sender<>(another, codec, origin);
        } catch (OutOfMemoryError failure) { // this object can still be used
            another.end(RESTORED);
            throw failure;
        }
    }

    /// Gets ready to travel in a message.
    @Override
    Moving export() {
        try {
            return Moving.of(way);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw Failures.translate(failure);
        }
    }

    /// Closes this sender. The second and later closes do nothing.
    @Override
    public void close() {
        way.end(CLOSED);
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "OpaqueSender[%s, %s]".formatted(way.settings().shownType(),
                way.isEnded() ? "closed" : "open");
    }
}
