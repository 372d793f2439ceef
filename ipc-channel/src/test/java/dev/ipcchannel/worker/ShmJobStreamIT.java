package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// Streams of jobs whose workers are reached over rings in shared memory.
class ShmJobStreamIT extends JobStreamContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
