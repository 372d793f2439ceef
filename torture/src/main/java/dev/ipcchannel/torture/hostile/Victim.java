package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.ChildRole;
import java.io.IOException;

/// The ends that this process has open for one hostile peer.
interface Victim extends AutoCloseable {

    /// The address by which the peer finds them.
    String address();

    /// Connects with the peer and uses their ends, for the time of the trial.
    void meet(ChildRole peer) throws IOException, InterruptedException;

    /// Closes all ends; later closes do nothing.
    @Override
    void close();
}
