package dev.ipcchannel;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.codec.TypeDescription;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Vetting;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A vetting of the first message of a client of a one-shot server: it reads and checks the
/// message, and writes the text of a refusal.
///
/// @param codec of the message
/// @param child that the server waits for; null for any process
/// @param terms of a transport; null for a server that the user opened
/// @param <T> the type of the message
record CheckedFirstMessage<T>(Codec<T> codec, @Nullable Child child, Child.@Nullable Terms terms)
        implements Vetting<Incoming, T> {

    @Override
    public T admit(Incoming way, Runnable accepting, Consumer<Throwable> failing) {
        try (Receiver<T> bootstrap = new Receiver<>(way, codec, new Origin())) {
            return takeFrom(bootstrap, way, accepting, failing);
        }
    }

    private T takeFrom(Receiver<T> bootstrap, Incoming way, Runnable accepting,
            Consumer<Throwable> failing) {
        T message = null;
        boolean isTaken = false;
        try {
            MessageTypes.check(codec, way.settings().messageType(), "the first message");
            message = bootstrap.tryReceive();
            if (message == null) {
                throw new ProtocolViolation("the first message was there and has gone again");
            }
            if (terms != null) {
                terms.check(message);
            }
            accepting.run();
            isTaken = true;
            return message;
        } catch (RuntimeException | Error failure) {
            failing.accept(failure);
            throw failure;
        } finally {
            if (!isTaken && message != null) {
                bootstrap.drop(message);
            }
        }
    }

    @Override
    public Refusal refusal(RuntimeException failure) {
        String words = terms == null ? null : terms.words(failure);
        String server = terms == null || child == null ? "the server" : "the parent";
        if (failure instanceof TypeMismatch types) {
            return new Refusal(true, words != null ? words
                    : server + " expects another type: " + TypeDescription.differenceForOther(
                            types.here(), types.there(), Codecs.name(codec), "in " + server)
                            + ": give both sides the same one");
        }
        return new Refusal(false, words != null ? words
                : server + " could not read its message: " + failure.getMessage());
    }
}
