package dev.ipcchannel.call;

import java.util.concurrent.RejectedExecutionException;

/// One way to serve: what a responder does from the first question to the last.
interface Service {

    /// How many calls may be open at once; what more is asked is refused.
    int MAX_OPEN = 65_536;

    /// Serves until the callers are gone, or the responder is closed.
    void run() throws InterruptedException;

    /// Why one more call is refused.
    static RejectedExecutionException refusal() {
        return new RejectedExecutionException(
                "too many calls are open: limit=%d: wait for answers before more is asked"
                        .formatted(MAX_OPEN));
    }
}
