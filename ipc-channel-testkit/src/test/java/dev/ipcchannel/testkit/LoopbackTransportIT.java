package dev.ipcchannel.testkit;

import dev.ipcchannel.transport.Transport;

/// The contract's tests of a transport that uses only the library's public types.
class LoopbackTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return new LoopbackTransport();
    }
}
