package dev.ipcchannel.worker;

import dev.ipcchannel.transport.Transport;

/// Streams of jobs whose workers are reached over a Unix socket.
class UnixJobStreamIT extends JobStreamContract {

    @Override
    Transport transport() {
        return Transport.unix();
    }
}
