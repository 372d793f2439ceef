package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// The faults of workers that are reached over a Unix socket.
class UnixWorkerFaultsIT extends WorkerFaultsContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
