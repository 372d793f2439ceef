package dev.ipcchannel.worker;

/// What goes wrong with workers that are reached over rings in shared memory.
class ShmWorkerFaultsIT extends WorkerFaultsContract {

    @Override
    Transport transport() {
        return Transport.shm();
    }
}
