package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Share;

/// Ends the share of a sender that was forgotten.
///
/// @param what the sender, for the log
/// @param reason a sentence for nobody: nobody can reach the sender any more
record ShareCloser(Outbox outbox, Share share, String what, String reason) implements Runnable {

    @Override
    public void run() {
        if (!share.isEnded()) {
            ForgottenEnds.report(what, () -> outbox.endForgotten(share, reason));
        }
    }
}
