package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.wait.Owner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A pair of ends as its owner uses it, which refuse others.
///
/// @param ends of the owner's
/// @param owner to whom they belong
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
record OwnedDuplex<O, I>(Duplex<O, I> ends, Owner owner) implements Link<O, I> {

    /// Gives both ends to an owner, or neither.
    static <O, I> OwnedDuplex<O, I> open(Duplex<O, I> ends, String name) {
        Owner owner =
                new Owner(Argument.given(name, "owner"), "use that, or close it first");
        ends.receiver().own(owner); // first: of two that come at once, one ends here
        boolean isOwned = false;
        try {
            ends.sender().own(owner);
            isOwned = true;
            return new OwnedDuplex<>(ends, owner);
        } finally {
            if (!isOwned) {
                ends.receiver().disown(owner);
            }
        }
    }

    @Override
    public void send(O message) throws InterruptedException {
        ends.sender().sendAs(owner, message);
    }

    @Override
    public void send(O message, Duration timeout) throws InterruptedException {
        ends.sender().sendAs(owner, message, timeout);
    }

    @Override
    public SendOutcome trySend(O message) {
        return ends.sender().trySendAs(owner, message);
    }

    @Override
    public I receive() throws InterruptedException {
        return ends.receiver().receiveAs(owner);
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return ends.receiver().receiveAs(owner, timeout);
    }

    @Override
    public @Nullable I tryReceive() {
        return ends.receiver().tryReceiveAs(owner);
    }

    @Override
    public String otherSide() {
        return ends.otherSide();
    }

    @Override
    public void onDisconnect(Runnable action) {
        ends.onDisconnect(action);
    }

    @Override
    public int maxMessage() {
        return ends.maxMessage();
    }

    @Override
    public EndStats outStats() {
        return ends.outStats();
    }

    @Override
    public EndStats inStats() {
        return ends.inStats();
    }

    @Override
    public Sender<O> sender() {
        throw owner.refusal("this link");
    }

    @Override
    public Receiver<I> receiver() {
        throw owner.refusal("this link");
    }

    @Override
    public void drop(I message) {
        ends.drop(message);
    }

    @Override
    public void dropUnsent(O message) {
        ends.dropUnsent(message);
    }

    @Override
    public Link<O, I> ownedBy(String another) {
        throw owner.refusal("this link");
    }

    @Override
    public void close() {
        ends.close();
    }

    @Override
    public String toString() {
        return ends.toString();
    }
}
