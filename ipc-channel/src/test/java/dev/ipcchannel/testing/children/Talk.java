package dev.ipcchannel.testing.children;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// The ends that most children hand over: the parent's ends of two channels.
///
/// @param toChild to the child
/// @param fromChild from the child
public record Talk(Sender<String> toChild, Receiver<String> fromChild) {}
