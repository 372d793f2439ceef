package dev.ipcchannel.worker;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ForwardingLink;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A link that a test can block, and whose other side can send what cannot be read.
///
/// @param <O> the type of the messages that go out
/// @param <I> the type of the messages that come in
final class PropLink<O, I> implements ForwardingLink<O, I> {

    /// An answer that this side cannot read.
    static final String UNREADABLE = "unreadable";

    private volatile Link<O, I> ends; // its owner's, once it has one
    private final CountDownLatch held = new CountDownLatch(1); // a thread is in trySend
    private volatile @Nullable CountDownLatch hold;
    private volatile @Nullable CountDownLatch holdAfterCancel;

    PropLink(Duplex<O, I> ends) {
        this.ends = ends;
    }

    /// Blocks each thread that sends, until the latch that this returns is counted down.
    CountDownLatch hold() {
        CountDownLatch latch = new CountDownLatch(1);
        hold = latch;
        return latch;
    }

    /// Holds up a thread that has sent a cancel, until the latch that this returns is counted down:
    /// the other side has the cancel meanwhile.
    CountDownLatch holdAfterCancel() {
        CountDownLatch latch = new CountDownLatch(1);
        holdAfterCancel = latch;
        return latch;
    }

    /// Waits until a thread is blocked.
    boolean awaitHeld() throws InterruptedException {
        return held.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public Link<O, I> ends() {
        return ends;
    }

    @Override
    public SendOutcome trySend(O message) {
        CountDownLatch latch = hold;
        if (latch != null) {
            held.countDown();
            awaitUninterrupted(latch);
        }
        SendOutcome outcome = ends.trySend(message);
        CountDownLatch after = holdAfterCancel;
        if (after != null && message instanceof Request.Cancel<?>) {
            held.countDown();
            awaitUninterrupted(after);
        }
        return outcome;
    }

    /// Waits for a latch where no thread interrupts.
    static void awaitUninterrupted(CountDownLatch latch) {
        try {
            boolean _ = latch.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    private static <T> T read(T message) {
        if (message instanceof Reply.Answer<?>(_, Outcome.Value<?>(Object value))
                && value.equals(UNREADABLE)) {
            throw new CodecFailed("a message could not be read: this one");
        }
        return message;
    }

    @Override
    public I receive() throws InterruptedException {
        return read(ends.receive());
    }

    @Override
    public I receive(Duration timeout) throws InterruptedException {
        return read(ends.receive(timeout));
    }

    @Override
    public @Nullable I tryReceive() {
        I message = ends.tryReceive();
        return message == null ? null : read(message);
    }

    @Override
    public Link<O, I> ownedBy(String owner) {
        ends = ends.ownedBy(owner);
        return this;
    }
}
