package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// A storm of kills among workers that are reached over rings in shared memory.
class ShmWorkerStormIT extends WorkerStormContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
