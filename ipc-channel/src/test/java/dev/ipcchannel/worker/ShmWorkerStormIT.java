package dev.ipcchannel.worker;

/// A storm of kills among workers that are reached over rings in shared memory.
class ShmWorkerStormIT extends WorkerStormContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
