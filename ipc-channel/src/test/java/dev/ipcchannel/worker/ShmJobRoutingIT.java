package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// The routing of jobs over rings in shared memory.
class ShmJobRoutingIT extends JobRoutingContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
