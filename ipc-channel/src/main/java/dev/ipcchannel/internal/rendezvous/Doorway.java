package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/// The operations of a [Rendezvous] that depend on the kind of its socket. Used under the server's
/// lock.
///
/// @param <G> what a client has brought once it is ready
public interface Doorway<G> extends AutoCloseable {

    /// Listens at `path`, which does not exist yet.
    Descriptor listen(String path);

    /// Makes a candidate of a connection, which it takes over.
    ///
    /// @param child the process itself, if it is the child that the accept waits for
    Candidate<G> candidate(Descriptor connection, long pid, @Nullable Child child);

    /// Sends the reason why it was not accepted to a client that is there when the server ends,
    /// unless the client sees that by itself. Never waits.
    void sayLast(Descriptor connection, Refusal why);

    /// Closes everything other than the connections of candidates.
    @Override
    void close();
}
