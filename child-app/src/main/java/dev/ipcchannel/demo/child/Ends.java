package dev.ipcchannel.demo.child;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// The ends that the child gives the parent: the parent's ends of the two channels.
///
/// The parent has its own record for them; only the components and their order have to agree.
///
/// @param requests for the parent's messages
/// @param replies for the child's answers
record Ends(Sender<String> requests, Receiver<String> replies) {}
