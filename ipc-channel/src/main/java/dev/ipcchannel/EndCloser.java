package dev.ipcchannel;

import dev.ipcchannel.internal.end.End;
import org.jspecify.annotations.Nullable;

/// An action that closes the way of a forgotten end, unless another object has taken the way over.
final class EndCloser implements Runnable {

    private final End way;
    private final String what;
    private final @Nullable Codec<?> codec;
    private final Origin origin;
    private final String reason;
    private final @Nullable Throwable place = ForgottenEnds.place();
    private volatile boolean isGivenOn;

    /// @param what words for the end in the log
    /// @param codec of its messages, if the codec knows their type
    /// @param origin of the end
    /// @param reason a sentence for the failures of calls that still use the way
    EndCloser(End way, String what, @Nullable Codec<?> codec, Origin origin, String reason) {
        this.way = way;
        this.what = what;
        this.codec = codec;
        this.origin = origin;
        this.reason = reason;
    }

    /// Whether another object has taken the way over.
    boolean isGivenOn() {
        return isGivenOn;
    }

    /// Notes that another object takes the way over.
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
