package dev.ipcchannel.testkit;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.transport.Transport;

/// The contract's tests of rings in shared memory as a transport.
class ShmTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return Transport.shm(ChannelOptions.defaults().withMaxMessage(8 << 20));
    }
}
