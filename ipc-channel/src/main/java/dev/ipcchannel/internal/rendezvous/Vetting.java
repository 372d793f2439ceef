package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Refusal;
import java.util.function.Consumer;

/// A check of what a client has brought, which decides whether a [Rendezvous] accepts it.
///
/// @param <G> what it has brought
/// @param <T> what is made of it
public interface Vetting<G, T> {

    /// Takes what it has brought. An exception is a reason to turn a stranger away, and an error if
    /// the client is the child.
    ///
    /// @param accepting the last step that the client can see; if it fails, what was taken is
    /// dropped
    /// @param failing called after a failure, before anything that the client has brought is
    /// closed: the client has to find the reason when it sees the close
    T admit(G brought, Runnable accepting, Consumer<Throwable> failing);

    /// The refusal for a client because of an exception of [#admit].
    Refusal refusal(RuntimeException failure);
}
