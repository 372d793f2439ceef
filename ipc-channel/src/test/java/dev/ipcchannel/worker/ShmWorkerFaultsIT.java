package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// The faults of workers that are reached over rings in shared memory.
class ShmWorkerFaultsIT extends WorkerFaultsContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
