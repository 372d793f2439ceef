package dev.ipcchannel.call;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageHead;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One way to serve: what a responder does from the first question to the last.
interface Service {

    /// How many calls may be open at once; what more is asked is refused.
    int MAX_OPEN = 65_536;

    /// Serves until the callers are gone, or the responder is closed.
    void run() throws InterruptedException;

    /// The id of the question that a failure to receive is about: only that call fails.
    ///
    /// @return null if it is about anything else, or that cannot be told
    static @Nullable Long unreadable(RuntimeException failure) {
        MessageHead head = failure instanceof IpcException known ? known.head() : null;
        return head != null && head.type() == Request.Ask.class ? head.number() : null;
    }

    /// Why one more call is refused.
    static RejectedExecutionException refusal() {
        return new RejectedExecutionException(
                "too many calls are open: limit=%d: wait for answers before more is asked"
                        .formatted(MAX_OPEN));
    }
}
