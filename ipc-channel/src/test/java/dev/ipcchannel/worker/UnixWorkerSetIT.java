package dev.ipcchannel.worker;

/// A set of workers over a Unix socket.
class UnixWorkerSetIT extends WorkerSetContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
