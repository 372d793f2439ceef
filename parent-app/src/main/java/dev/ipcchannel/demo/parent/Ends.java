package dev.ipcchannel.demo.parent;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// The ends that the child gives its parent: the parent's ends of two channels.
///
/// The child has its own record for them; only the components and their order have to agree.
///
/// @param requests for the parent's messages
/// @param replies for the child's answers
record Ends(Sender<String> requests, Receiver<String> replies) implements AutoCloseable {

    /// Closes both ends; the child notices at once.
    @Override
    public void close() {
        requests.close();
        replies.close();
    }
}
