package dev.ipcchannel;

import dev.ipcchannel.internal.receive.Inbox;
import org.jspecify.annotations.Nullable;

/// The closer of the inbox of a receiver that was forgotten, unless the receiver has given it on.
final class InboxCloser implements Runnable {

    private final Inbox inbox;
    private final String what;
    private final @Nullable Codec<?> codec;
    private final Origin origin;
    private final @Nullable Throwable place = ForgottenEnds.place();
    private volatile boolean isGivenOn;

    /// @param what the receiver, for the log
    /// @param codec of its messages, where that knows their type
    /// @param origin of the receiver
    InboxCloser(Inbox inbox, String what, @Nullable Codec<?> codec, Origin origin) {
        this.codec = codec;
        this.origin = origin;
        this.inbox = inbox;
        this.what = what;
    }

    /// Whether the inbox is somebody else's by now.
    boolean isGivenOn() {
        return isGivenOn;
    }

    /// Somebody else takes the inbox over.
    void giveOn() {
        isGivenOn = true;
    }

    @Override
    public void run() {
        if (!isGivenOn && !inbox.isEnded()) {
            ForgottenEnds.report(
                    ForgottenEnds.named(what, MessageTypes.name(codec, inbox.settings()),
                            origin.shown() + inbox.describe()),
                    place,
                    () -> inbox.close(origin.sentence("this receiver was forgotten")));
        }
    }
}
