package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// The part of a [Rendezvous] that depends on the kind of its socket. Used under the server's lock.
///
/// @param <G> what a client has brought once it is ready
public interface Doorway<G> extends AutoCloseable {

    /// Listens at `path`, which does not exist yet.
    Descriptor listen(String path);

    /// A client that has connected, which owns the connection from then on.
    ///
    /// @param child the process itself, if it is the child that is waited for
    Candidate<G> candidate(Descriptor connection, long pid, @Nullable Child child);

    /// Says to a client that is there when the server ends why it was not accepted, where it does
    /// not see that by itself. Never waits.
    void sayLast(Descriptor connection, Refusal why);

    /// Closes what it has beside the connections of candidates.
    @Override
    void close();
}
