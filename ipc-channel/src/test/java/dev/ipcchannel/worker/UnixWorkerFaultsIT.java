package dev.ipcchannel.worker;

/// What goes wrong with workers that are reached over a Unix socket.
class UnixWorkerFaultsIT extends WorkerFaultsContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
