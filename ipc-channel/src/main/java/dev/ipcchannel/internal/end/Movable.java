package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wire.Transfer;
import org.jspecify.annotations.Nullable;

/// The way of one sender's messages to one receiver, which others can share, which can go on in
/// another process, and by which the ends of channels can go along: one to many has none of this.
public interface Movable extends Outgoing {

    /// The process that receives, as far as it is known.
    @Nullable
    Peer reader();

    /// Whether it belongs to one thread.
    boolean isExclusive();

    /// Another way into the same channel, which ends by itself.
    Movable share();

    /// Another way into the same channel, for the calling thread alone.
    Movable exclusive();

    /// Writes what another process needs to send into this channel. The descriptor in it is the
    /// caller's to close.
    void export(Transfer transfer);

    /// Ends it, since it has gone to another process.
    ///
    /// @param to that process, if it is known
    void moved(String reason, @Nullable Peer to);

    /// Whether a receiver is there, as far as the kernel knows by now.
    boolean isConnected();

    /// Has `action` run, once, on a thread of its own, when the receiver is gone. Not if this ends
    /// before.
    void onDisconnect(Runnable action);
}
