package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// A storm of kills among workers that are reached over a Unix socket.
class UnixWorkerStormIT extends WorkerStormContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
