package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The state of a call on the responder's side: whether it goes on, and if not, why. What its
/// caller gets for an end depends on that: only a caller that has cancelled takes [Reply.End] for
/// anything but a complete answer.
///
/// @param isOver whether the handler is to leave it
/// @param isEndAwaited whether its caller waits for the end and for nothing else
/// @param why for a handler that goes on with it nevertheless
record Standing(boolean isOver, boolean isEndAwaited, String why) {

    static final Standing OPEN = new Standing(false, false, "");

    /// The caller has cancelled it.
    static final Standing CANCELLED =
            new Standing(true, true, "the caller has given this call up");

    /// The responder serves no more, or cannot receive, while the caller may be there and wait.
    ///
    /// @param cause why, where that is known
    static Standing stopped(@Nullable Throwable cause) {
        String reason = switch (cause) {
            case Disconnected _ -> ": the caller is gone";
            case EndClosed _ -> ": it was closed";
            case IpcException failure -> ": " + failure.getMessage();
            case null, default -> "";
        };
        return new Standing(true, false, "the responder answers no more" + reason);
    }

    /// The first reason for an end counts.
    Standing orElse(Standing next) {
        return isOver ? this : next;
    }

    CancellationException exception() {
        return new CancellationException(why);
    }
}
