package dev.ipcchannel.named;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.presence.Form;
import dev.ipcchannel.internal.receive.Gaps;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The receiving half of a connection of a broadcast channel. Any number of threads may use it: one
/// receives, and the others wait.
///
/// @param <T> the type of the messages
final class BroadcastReceiver<T> {

    private final String name;
    private final NamedReceiver<T> receiver;
    private final Gaps gaps;
    private final NumberedHandler inPlace; // guarded by the lock
    private final ReentrantLock lock; // of the channel, over all its connections
    private final CompletableFuture<String> cutOff = new CompletableFuture<>(); // by which sender

    /// @param members the numbers of the senders that it connects with
    BroadcastReceiver(Broadcast<T> channel, LongPredicate members) throws InterruptedException {
        this.name = channel.name();
        this.gaps = channel.gaps();
        this.lock = channel.receiving();
        NumberedCodec<T> codec = new NumberedCodec<>(channel.codec(), gaps);
        this.inPlace = new NumberedHandler(codec, gaps);
        CompletableFuture<String> cut = cutOff;
        this.receiver = new NamedReceiver<>(NameKind.BROADCAST, name, codec,
                NumberedCodec.withHead(channel.options().channel()),
                new Form(channel.form(), members, by -> {
                    boolean _ = cut.complete("pid=%d (%s)".formatted(by.pid(),
                            Printable.of(by.program())));
                }));
        CompletableFuture<Void> _ = cut.thenRun(() -> Thread.ofVirtual()
                .name("ipc-channel cut off").start(this::leave));
    }

    /// Leaves the name: messages already sent are still received, then a receive fails.
    private void leave() {
        try {
            receiver.leave();
        } catch (InterruptedException impossible) { // no other code has this thread
            Thread.currentThread().interrupt();
        }
    }

    long number() {
        return receiver.member().number();
    }

    /// Whether a sender has cut this receiver off. Messages sent before are still received.
    boolean isCutOff() {
        return cutOff.isDone();
    }

    /// Receives a message, after the action of `onGap` has run for messages missing before it.
    ///
    /// @param timeout in libipc's words: 0 is for ever
    /// @throws TimedOut if no message came in time
    /// @throws Disconnected if it was cut off, and has received all messages sent before
    T receive(long timeout) throws InterruptedException {
        Deadline deadline = lock(timeout);
        try {
            T message = deadline.isFinite()
                    ? receiver.receive(Duration.ofNanos(deadline.remainingNanos()))
                    : receiver.receive(); // without a clock
            gaps.report();
            return message;
        } catch (TimedOut failure) {
            throw late(timeout, failure);
        } catch (Disconnected failure) {
            throw ended(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Takes the lock as soon as no other thread receives.
    ///
    /// @return the end of the time for the rest of the call
    private Deadline lock(long timeout) throws InterruptedException {
        checkNotInside();
        Deadline deadline = Libipc.deadline(timeout);
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw late(timeout, null);
        }
        return deadline;
    }

    /// Refuses a receive inside a handler: its message would overtake the one being handled.
    private void checkNotInside() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    ("this channel is receiving on this thread already, so its handlers, codecs and"
                            + " actions of onGap may not receive from it: name=%s, caller=%s:"
                            + " receive once they have returned")
                            .formatted(name, Thread.currentThread().getName()));
        }
    }

    private TimedOut late(long timeout, @Nullable TimedOut failure) {
        Duration time = Libipc.waitTime(timeout);
        int senders = receiver.senderCount();
        return new TimedOut("%s, senders=%d: %s".formatted(time.isPositive()
                ? "no message came within the time given: name=%s, timeout=%s".formatted(name,
                        ShownTime.of(time))
                : "there is no message now: name=" + name, senders,
                senders > 0 ? "have one send, or wait longer" : receiver.member().whereabouts()),
                failure);
    }

    private Disconnected ended(Disconnected failure) {
        return !isCutOff() ? failure
                : new Disconnected(
                        ("this channel was cut off as too slow, and has received what was"
                                + " sent before: name=%s, sender %s: connect again, and receive"
                                + " faster, or give it a larger ring")
                                .formatted(name, cutOff.join()),
                        failure);
    }

    /// Receives a message if one is there and no other thread receives.
    ///
    /// @return null if there is none
    @Nullable
    T tryReceive() {
        checkNotInside();
        if (!lock.tryLock()) {
            return null; // that thread gets the messages
        }
        try {
            T message = receiver.tryReceive();
            if (message != null) {
                gaps.report();
            }
            return message;
        } catch (Disconnected failure) {
            throw ended(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Reads messages in place, and waits for the first.
    ///
    /// @param timeout in libipc's words: 0 is for ever
    /// @return the number of messages
    /// @throws TimedOut if no message came in time
    /// @throws Disconnected if it was cut off, and has received all messages sent before
    int receive(MessageHandler handler, int limit, long timeout) throws InterruptedException {
        Deadline deadline = lock(timeout);
        try {
            int handled = handle(handler, limit, deadline);
            if (handled == 0) {
                throw late(timeout, null);
            }
            return handled;
        } finally {
            lock.unlock();
        }
    }

    /// Reads in place the messages that are there, unless another thread receives.
    ///
    /// @return the number of messages
    int tryReceive(MessageHandler handler, int limit) {
        checkNotInside();
        if (!lock.tryLock()) {
            return 0; // that thread gets the messages
        }
        try {
            return handle(handler, limit, Deadline.NOW);
        } catch (InterruptedException impossible) {
            throw new AssertionError("a look has waited", impossible);
        } finally {
            lock.unlock();
        }
    }

    private int handle(MessageHandler handler, int limit, Deadline deadline)
            throws InterruptedException {
        inPlace.begin(handler);
        try {
            return receiver.receive(inPlace, limit, deadline, inPlace.sentBy());
        } catch (Disconnected failure) {
            throw ended(failure);
        } finally {
            inPlace.end();
        }
    }

    /// The number of receivers of the name in the directory.
    int receiverCount() {
        try {
            return receiver.member().membersOfItsRole();
        } catch (RuntimeException failure) {
            throw Opening.translated(failure);
        }
    }

    /// Leaves the name and drops the messages not yet received.
    void disconnect() throws InterruptedException {
        try {
            receiver.leave();
        } finally {
            receiver.close();
        }
    }

    void close() {
        receiver.close();
    }
}
