package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// The routing of jobs over Unix sockets.
class UnixJobRoutingIT extends JobRoutingContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
