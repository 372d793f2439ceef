package dev.ipcchannel.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An answer that comes in parts, in the order in which they were sent.
///
/// Parts come as they are taken: the other side is at most [Reply#WINDOW] ahead, then its handler
/// waits. One thread takes parts at a time; any may close. Parts that are not taken to their end
/// are closed, which cancels the call on the other side.
///
/// @param <R> the type of the parts
public interface Parts<R> extends AutoCloseable {

    /// Takes the next part, waiting for it as long as one can come.
    ///
    /// @return null if there are no more
    /// @throws dev.ipcchannel.CallFailed if the handler failed; the parts before it are taken first
    /// @throws dev.ipcchannel.Disconnected if the responder is gone
    /// @throws dev.ipcchannel.EndClosed if this or its caller is closed, before or while it waits
    /// @throws dev.ipcchannel.ProtocolViolation if more parts came than were granted
    /// @throws dev.ipcchannel.ResourceExhausted if the other side cannot be asked for more parts,
    /// for lack of memory or descriptors; nothing is lost, and the next call tries again
    /// @throws IllegalStateException if another thread is taking one
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
    @Nullable
    R next() throws InterruptedException;

    /// Takes the next part, waiting no longer than `timeout`. Throws what [#next()] throws.
    ///
    /// @return null if there are no more
    /// @throws dev.ipcchannel.TimedOut if none came in time; the call goes on
    @Nullable
    R next(Duration timeout) throws InterruptedException;

    /// Wants no more parts, and says so to the other side; ends in those that are dropped are
    /// closed. Never waits. The second and later closes do nothing.
    ///
    /// A thread that waits for a part gets [dev.ipcchannel.EndClosed], at the latest when the other
    /// side has ended the call.
    @Override
    void close();
}
