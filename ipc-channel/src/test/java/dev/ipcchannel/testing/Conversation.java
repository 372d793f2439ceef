package dev.ipcchannel.testing;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.children.Talk;

/// A child that has connected, and the parent's ends of the two channels to it.
public record Conversation(ChildJvm child, Talk ends) implements AutoCloseable {

    /// The sender to the child.
    public Sender<String> toChild() {
        return ends.toChild();
    }

    /// The receiver from the child.
    public Receiver<String> fromChild() {
        return ends.fromChild();
    }

    /// Closes both ends, which ends a listening child.
    @Override
    public void close() {
        ends.toChild().close();
        ends.fromChild().close();
    }
}
