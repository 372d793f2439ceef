package dev.ipcchannel.demo.child;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// The ends that the child gives the parent: the parent's ends of the two channels.
///
/// The parent has a record of its own for it; only the components and their order have to agree.
///
/// @param requests what the parent says goes in here
/// @param replies what the child answers comes out here
record Ends(Sender<String> requests, Receiver<String> replies) {}
