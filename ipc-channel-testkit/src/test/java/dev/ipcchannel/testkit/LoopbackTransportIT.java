package dev.ipcchannel.testkit;

import dev.ipcchannel.transport.Transport;

/// The contract, kept by a transport that knows nothing of the library's insides.
class LoopbackTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return new LoopbackTransport();
    }
}
