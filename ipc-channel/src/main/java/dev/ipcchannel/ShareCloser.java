package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Share;
import org.jspecify.annotations.Nullable;

/// Ends the share of a sender that was forgotten.
///
/// @param what the sender, for the log
/// @param codec of its messages, where that knows their type
/// @param reason a sentence for the sends that nobody can try any more
/// @param place where it was made, if that is kept
record ShareCloser(Outbox outbox, Share share, String what, @Nullable Codec<?> codec, String reason,
        @Nullable Throwable place) implements Runnable {

    ShareCloser(Outbox outbox, Share share, String what, @Nullable Codec<?> codec,
            String reason) {
        this(outbox, share, what, codec, reason, ForgottenEnds.place());
    }

    @Override
    public void run() {
        if (!share.isEnded()) {
            ForgottenEnds.report(
                    ForgottenEnds.named(what, MessageTypes.name(codec, outbox.settings()),
                            outbox.describe()),
                    place,
                    () -> outbox.endForgotten(share, reason));
        }
    }
}
