package dev.ipcchannel;

import dev.ipcchannel.internal.end.Outgoing;
import org.jspecify.annotations.Nullable;

/// The end of a sender that was forgotten.
///
/// @param way of its messages
/// @param what the sender, for the log
/// @param codec of its messages, where that knows their type
/// @param name it has, from a comma on; empty without one
/// @param reason a sentence for the sends that nobody can try any more
/// @param place where it was made, if that is kept
record SenderCloser(Outgoing way, String what, @Nullable Codec<?> codec, String name,
        String reason, @Nullable Throwable place) implements Runnable {

    SenderCloser(Outgoing way, String what, @Nullable Codec<?> codec, String name,
            String reason) {
        this(way, what, codec, name, reason, ForgottenEnds.place());
    }

    @Override
    public void run() {
        if (!way.isEnded()) {
            ForgottenEnds.report(
                    ForgottenEnds.named(what, MessageTypes.name(codec, way.settings()),
                            name + way.describe()),
                    place,
                    () -> way.endForgotten(reason));
        }
    }
}
