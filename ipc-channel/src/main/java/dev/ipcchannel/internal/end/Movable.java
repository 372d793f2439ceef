package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The way of one sender's messages to one receiver. Other senders can share it, it can move to
/// another process, and its messages can take ends of channels along. A way to many receivers has
/// none of this.
public interface Movable extends Outgoing {

    /// The receiving process, as far as it is known.
    @Nullable
    Peer reader();

    /// Whether it belongs to one thread.
    boolean isExclusive();

    /// Makes another way into the same channel, which ends on its own.
    Movable share();

    /// Makes another way into the same channel, for the calling thread alone.
    Movable exclusive();

    /// Writes what another process needs to send into this channel. The caller closes the
    /// descriptor in it.
    void export(Transfer transfer);

    /// Ends it, because it has moved to another process.
    ///
    /// @param to that process, if it is known
    void moved(String reason, @Nullable Peer to);

    /// Whether a receiver is there, as far as the kernel knows by now.
    boolean isConnected();

    /// Runs `action` once, on a thread of its own, when the receiver is gone. Does not run it if
    /// this end ends before.
    void onDisconnect(Runnable action);
}
