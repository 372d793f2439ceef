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

/// The receiving half of a connection of a broadcast channel, for any number of threads: one
/// receives, and others wait for it.
///
/// @param <T> the type of the messages
final class BroadcastReceiver<T> {

    private final String name;
    private final NamedReceiver<T> receiver;
    private final Gaps gaps;
    private final NumberedHandler inPlace; // under the lock
    private final ReentrantLock lock; // of the channel, whatever it connects to
    private final CompletableFuture<String> cutOff = new CompletableFuture<>(); // by whom

    /// @param members the numbers of the senders that it meets
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

    /// What was sent is still received, and then the wait ends.
    private void leave() {
        try {
            receiver.leave();
        } catch (InterruptedException impossible) { // nobody has this thread
            Thread.currentThread().interrupt();
        }
    }

    long number() {
        return receiver.member().number();
    }

    /// Whether a sender has cut it off: what was sent by then is still received.
    boolean isCutOff() {
        return cutOff.isDone();
    }

    /// Receives a message, and tells of what is missing before it.
    ///
    /// @param timeout in libipc's words: 0 is for ever
    /// @throws TimedOut if no message came in time
    /// @throws Disconnected if it was cut off, and has received what was sent before
    T receive(long timeout) throws InterruptedException {
        Deadline deadline = lock(timeout);
        try {
            T message = deadline.isFinite()
                    ? receiver.receive(Duration.ofNanos(deadline.remainingNanos()))
                    : receiver.receive(); // without a clock
            gaps.tell();
            return message;
        } catch (TimedOut failure) {
            throw late(timeout, failure);
        } catch (Disconnected failure) {
            throw ended(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Takes the lock, as soon as no other thread receives.
    ///
    /// @return when the time is over
    private Deadline lock(long timeout) throws InterruptedException {
        checkNotInside();
        Deadline deadline = Libipc.deadline(timeout);
        if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw late(timeout, null);
        }
        return deadline;
    }

    /// A message that was received inside of another one's handler would overtake it.
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

    /// Receives a message that is there, unless another thread receives.
    ///
    /// @return null if there is none
    @Nullable
    T tryReceive() {
        checkNotInside();
        if (!lock.tryLock()) {
            return null; // that one gets what comes
        }
        try {
            T message = receiver.tryReceive();
            if (message != null) {
                gaps.tell();
            }
            return message;
        } catch (Disconnected failure) {
            throw ended(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Reads messages in place, waiting for the first.
    ///
    /// @param timeout in libipc's words: 0 is for ever
    /// @return how many
    /// @throws TimedOut if no message came in time
    /// @throws Disconnected if it was cut off, and has received what was sent before
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

    /// Reads in place those messages that are there, unless another thread receives.
    ///
    /// @return how many
    int tryReceive(MessageHandler handler, int limit) {
        checkNotInside();
        if (!lock.tryLock()) {
            return 0; // that one gets what comes
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

    /// How many receivers of the name the directory has.
    int receiverCount() {
        try {
            return receiver.member().membersOfItsRole();
        } catch (RuntimeException failure) {
            throw Opening.translated(failure);
        }
    }

    /// Takes no more messages, and drops those that are there.
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
