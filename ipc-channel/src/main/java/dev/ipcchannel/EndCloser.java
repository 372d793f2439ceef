package dev.ipcchannel;

import dev.ipcchannel.internal.end.End;
import org.jspecify.annotations.Nullable;

/// The closer of the way of an end that was forgotten, unless that end has given the way on.
final class EndCloser implements Runnable {

    private final End way;
    private final String what;
    private final @Nullable Codec<?> codec;
    private final Origin origin;
    private final String reason;
    private final @Nullable Throwable place = ForgottenEnds.place();
    private volatile boolean isGivenOn;

    /// @param what the end, for the log
    /// @param codec of its messages, where that knows their type
    /// @param origin of the end
    /// @param reason a sentence for what still uses the way
    EndCloser(End way, String what, @Nullable Codec<?> codec, Origin origin, String reason) {
        this.way = way;
        this.what = what;
        this.codec = codec;
        this.origin = origin;
        this.reason = reason;
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
                    place, () -> way.endForgotten(origin.sentence(reason)));
        }
    }
}
