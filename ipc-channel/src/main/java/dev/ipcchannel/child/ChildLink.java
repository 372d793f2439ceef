package dev.ipcchannel.child;

import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A link to a child process, together with that process.
///
/// Over shared memory it also has a [#receiver], for loops, streams, sets and routers, and a
/// [#sender]. These end when the child does, and [#close] ends the child:
///
/// ```java
/// try (var child = ChildJvm.of(Reader.class).start(Path.class, String.class)) {
///     child.send(file);
///     for (String line : child.receiver()) { // until the child closes its side
///         System.out.println(line);
///     }
/// }
/// ```
///
/// @param process the child
/// @param link the messages to and from the child
/// @param <O> the type of the messages from the parent
/// @param <I> the type of the messages from the child
public record ChildLink<O, I>(ChildProcess process, Link<O, I> link) implements Link<O, I> {

    /// @throws NullPointerException if a component is missing
    public ChildLink {
        Argument.given(process, "process");
        Argument.given(link, "link");
    }

    @Override
    public void send(O message) throws InterruptedException {
        link.send(message);
    }

    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        link.send(message, timeout);
    }

    @Override
    public SendOutcome trySend(O message) {
        return link.trySend(message);
    }

    @Override
    public I receive() throws InterruptedException {
        return link.receive();
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return link.receive(timeout);
    }

    @Override
    public @Nullable I tryReceive() {
        return link.tryReceive();
    }

    @Override
    public String otherSide() {
        return "child " + process.nameAndPid();
    }

    @Override
    public void onDisconnect(Runnable action) {
        link.onDisconnect(action);
    }

    @Override
    public int maxMessage() {
        return link.maxMessage();
    }

    @Override
    public EndStats outStats() {
        return link.outStats();
    }

    @Override
    public EndStats inStats() {
        return link.inStats();
    }

    @Override
    public Sender<O> sender() {
        return link.sender();
    }

    @Override
    public Receiver<I> receiver() {
        return link.receiver();
    }

    @Override
    public void drop(I message) {
        Argument.given(message, "message");
        link.drop(message);
    }

    @Override
    public void dropUnsent(O message) {
        Argument.given(message, "message");
        link.dropUnsent(message);
    }

    @Override
    public Link<O, I> ownedBy(String owner) {
        return new ChildLink<>(process, link.ownedBy(owner));
    }

    /// Closes the link, which asks the child to end. Waits for its end as long as [ChildJvm#grace]
    /// says, then kills it and all that it has started.
    @Override
    public void close() {
        process.stop(process.grace(), link::close);
    }
}
