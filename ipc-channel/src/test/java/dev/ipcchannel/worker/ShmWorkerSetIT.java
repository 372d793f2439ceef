package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// A set of workers over rings in shared memory.
class ShmWorkerSetIT extends WorkerSetContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
