package dev.ipcchannel.testkit;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.transport.Transport;

/// Rings in shared memory are a transport.
class ShmTransportIT extends TransportContract {

    @Override
    public Transport transport() {
        return Transport.shm(ChannelOptions.defaults().withMaxMessage(8 << 20));
    }
}
