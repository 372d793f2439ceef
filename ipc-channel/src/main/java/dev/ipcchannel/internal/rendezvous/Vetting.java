package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Refusal;
import java.util.function.Consumer;

/// A look at what a client has brought, which decides whether it gets through a [Rendezvous].
///
/// @param <G> what it has brought
/// @param <T> what is made of that
public interface Vetting<G, T> {

    /// Takes what it has brought. What this throws is a reason to turn a stranger away, and an
    /// error where it is the child.
    ///
    /// @param accepting is run last of what the client can see: where it fails as well, what was
    /// taken is dropped
    /// @param failing is called first, before anything that the client has brought is closed: it is
    /// to find the reason where it finds that
    T admit(G brought, Runnable accepting, Consumer<Throwable> failing);

    /// What is said to a client because of what [#admit] has thrown.
    Refusal refusal(RuntimeException failure);
}
