package dev.ipcchannel.demo.parent;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// The ends that the child gives its parent: the parent's ends of two channels.
///
/// The child has a record of its own for it; only the components and their order have to agree.
///
/// @param requests what the parent says goes in here
/// @param replies what the child answers comes out here
record Ends(Sender<String> requests, Receiver<String> replies) implements AutoCloseable {

    /// Closes both: the child learns at once.
    @Override
    public void close() {
        requests.close();
        replies.close();
    }
}
