package dev.ipcchannel.testkit;

import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.transport.Transport;

/// A conversation whose two sides are in this JVM.
///
/// @param near the side of the listener
/// @param far the side that has connected
/// @param <T> the type of the messages, in both directions
record Talk<T>(Link<T, T> near, Link<T, T> far) implements AutoCloseable {

    static <T> Talk<T> of(Transport transport, TypeToken<T> type) throws InterruptedException {
        try (Transport.Listener<T, T> listener = transport.listen(type, type)) {
            return at(transport, listener, type);
        }
    }

    /// Connects to a listener, which may have refused other connections before.
    static <T> Talk<T> at(Transport transport, Transport.Listener<T, T> listener,
            TypeToken<T> type) throws InterruptedException {
        String address = listener.address();
        Background<Link<T, T>> far =
                Background.of(() -> transport.connect(address, type, type));
        Link<T, T> near = listener.accept(Contract.PATIENCE);
        return new Talk<>(near, far.value());
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
