package dev.ipcchannel;

import dev.ipcchannel.internal.end.Incoming;
import org.jspecify.annotations.Nullable;

/// The closer of the way to a receiver that was forgotten, unless the receiver has given it on.
final class ReceiverCloser implements Runnable {

    private final Incoming way;
    private final String what;
    private final @Nullable Codec<?> codec;
    private final Origin origin;
    private final @Nullable Throwable place = ForgottenEnds.place();
    private volatile boolean isGivenOn;

    /// @param what the receiver, for the log
    /// @param codec of its messages, where that knows their type
    /// @param origin of the receiver
    ReceiverCloser(Incoming way, String what, @Nullable Codec<?> codec, Origin origin) {
        this.codec = codec;
        this.origin = origin;
        this.way = way;
        this.what = what;
    }

    /// Whether the way is another object's by now.
    boolean isGivenOn() {
        return isGivenOn;
    }

    /// Another object takes the way over.
    void giveOn() {
        isGivenOn = true;
    }

    @Override
    public void run() {
        if (!isGivenOn && !way.isEnded()) {
            ForgottenEnds.report(
                    ForgottenEnds.named(what, MessageTypes.name(codec, way.settings()),
                            origin.shown() + way.describe()),
                    place,
                    () -> way.close(origin.sentence("this receiver was forgotten")));
        }
    }
}
