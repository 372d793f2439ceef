package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// A set of workers over a Unix socket.
class UnixWorkerSetIT extends WorkerSetContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
