package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.ChildRole;
import java.io.IOException;

/// What this process has open for one hostile peer.
interface Victim extends AutoCloseable {

    /// By which the peer finds it.
    String address();

    /// Meets the peer and uses what it has to do with it, for as long as the trial is to last.
    void meet(ChildRole peer) throws IOException, InterruptedException;

    /// Closes all of it; later closes do nothing.
    @Override
    void close();
}
