package dev.ipcchannel.testkit;

import dev.ipcchannel.transport.Transport;

/// A transport that knows nothing of the library's insides is one.
class LoopbackTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return new LoopbackTransport();
    }
}
