package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.MessageSink;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.wait.Owner;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The receiving end of a [Channel].
///
/// One thread receives at a time; a second one at the same time gets an `IllegalStateException`.
/// Any thread may close it. Messages of one process arrive in the order in which it sent them; the
/// receiver takes processes in turn. When every sender is closed or its process has ended, the
/// messages committed before are received first, then [Disconnected] is thrown.
///
/// A receiver that is put into a message moves with it, and so do the messages not yet received;
/// see [Encoder#put(Transferable)].
///
/// Messages can also be received by a loop, a [#stream], a future of [#receiveAsync] and a
/// [#publisher]. While one of these waits, no other thread can receive; while it does not wait, any
/// thread can.
///
/// A set, a router, a caller, a responder, a future, or a message that it is put into, owns the
/// receiver for a time. Meanwhile all other calls that would receive from it, move it or hand it on
/// are refused with an `IllegalStateException` that names the owner. Closing it is not refused, nor
/// are questions about it.
///
/// ```java
/// for (Order order : receiver) { // ends when every sender is gone
///     ship(order);
/// }
/// ```
///
/// @param <T> the type of the messages
// Longer than other files: it has each way to receive, with its entry into the guard and its exit.
public final class Receiver<T> extends Transferable implements Iterable<T> {

    static {
        EndKind.register(Receiver.class, new EndKind.Family("receiver", true,
                (choice, place) -> kind(choice.get(), place)));
    }

    /// The sentence for the failures of calls after a receiver was forgotten.
    static final String FORGOTTEN = "this receiver was forgotten";

    private static final String CLOSED = "this receiver was closed";
    private static final String ERASED = "this receiver is used up: it was made an opaque one";

    private final Incoming way;
    private final Codec<T> codec;
    private final Origin origin;
    private final EndCloser closer;
    private final Cleanable cleanable;
    private final MessageReader<T> reader; // used inside the guard
    private final MessagePublisher<T> publisher = new MessagePublisher<>(this);

    Receiver(Incoming way, Codec<T> codec, Origin origin) {
        this.way = way;
        this.codec = codec;
        this.origin = origin;
        way.show(origin.shown());
        this.reader = new MessageReader<>(way, codec, origin);
        this.closer = new EndCloser(way, "a receiver", MessageTypes.named(codec), origin,
                FORGOTTEN);
        this.cleanable = ForgottenEnds.register(this, closer);
    }

    /// The kind of receivers of channels whose messages go through `codec`, for
    /// [Decoder#get(EndKind)].
    public static <T> EndKind<Receiver<T>> kind(Codec<T> codec) {
        return kind(EndKind.always(codec), "");
    }

    private static <T> EndKind<Receiver<T>> kind(EndKind.CodecChoice<T> choice, String place) {
        return new EndKind<>() {

            @Override
            Receiver<T> take(Transfer words, ArrivedEnds arrived) {
                Incoming way = arrived.receiver(words);
                String messageType = way.settings().messageType();
                Codec<T> codec = choice.choose(messageType);
                Receiver<T> receiver = arrived.noted(Receiver::close,
                        new Receiver<>(way, codec, new Origin()));
                MessageTypes.check(codec, messageType, arrived.shown("receiver", place));
                return receiver;
            }
        };
    }

    /// Receives a message, and waits as long as one can still come.
    ///
    /// @throws Disconnected if all senders are gone and everything they sent has been received
    /// @throws CodecFailed if the bytes are not a message; it is consumed, and the channel goes on
    /// @throws ProtocolViolation if a sender broke the format; that sender is cut off, and the
    /// channel goes on
    /// @throws EndClosed if this receiver is closed or has moved, before or while it waits
    /// @throws ResourceExhausted if a sender's memory or descriptors could not be accepted; that
    /// sender is cut off. Also if a message does not fit into the heap; the message is consumed.
    /// The channel goes on
    /// @throws IllegalStateException if another thread is receiving, if a handler or a codec of
    /// this receiver calls this while it runs, or if this receiver has an owner, such as a set or a
    /// caller
    /// @throws InterruptedException if the thread is interrupted while it waits; no message is lost
    public T receive() throws InterruptedException {
        return receiveAs(null);
    }

    /// The same for an owner.
    T receiveAs(@Nullable Owner as) throws InterruptedException {
        T message = next(as, Deadline.NEVER);
        if (message == null) {
            throw new AssertionError("a wait without an end has ended");
        }
        return message;
    }

    /// Receives a message, waiting no longer than `timeout`. Throws what [#receive()] throws.
    ///
    /// @throws TimedOut if none came in time
    public T receive(Duration timeout) throws InterruptedException {
        return receiveAs(null, timeout);
    }

    /// The same for an owner.
    T receiveAs(@Nullable Owner as, Duration timeout) throws InterruptedException {
        T message = next(as, Failures.deadline(timeout));
        if (message == null) {
            throw Failures.timedOut("no message came to ", this, timeout);
        }
        return message;
    }

    /// Receives a message if one is there. Never waits; if there is none, it makes one system call,
    /// of about a third of a microsecond. Throws what [#receive()] throws.
    ///
    /// @return null if there is none now
    public @Nullable T tryReceive() {
        return tryReceiveAs(null);
    }

    /// The same for an owner.
    @Nullable
    T tryReceiveAs(@Nullable Owner as) {
        enter(as);
        try {
            IncomingMessage found = way.tryNext();
            return found == null ? null : reader.take(found);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            way.exit();
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
        }
    }

    /// Receives a message asynchronously: a virtual thread waits for it.
    ///
    /// When this method returns, the future owns the receiver: until the future is complete, every
    /// other receive is refused with an `IllegalStateException`. The future fails with what
    /// [#receive()] throws, also with that `IllegalStateException` if another thread is receiving
    /// or another future waits. Its thread keeps this receiver reachable until then, even if only
    /// dependent stages refer to the future. To cancel the future, or to complete it by hand, ends
    /// the wait: once that call has returned, other threads may receive, and the message goes to
    /// the next receive. If the message was already on its way into the future, the future can no
    /// longer be cancelled.
    ///
    /// ```java
    /// receiver.receiveAsync().orTimeout(1, SECONDS).thenAccept(this::ship);
    /// ```
    public CompletableFuture<T> receiveAsync() {
        try {
            return ReceiveFuture.start(this);
        } catch (OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// An iterator over the messages as they come, until every sender is gone. Each step throws
    /// what [#receive()] throws. An interrupt of a wait is a `CancellationException`, and the
    /// thread's interrupt flag is set again.
    ///
    /// [Iterator#hasNext] leaves the message that it has seen in the receiver: the next receive by
    /// any thread takes it.
    @Override
    public Iterator<T> iterator() {
        return new MessageIterator<>(this);
    }

    /// A stream of the messages, which takes each when it is asked for, until every sender is gone.
    /// An interrupt has the effect that it has with [#iterator]. The stream is always sequential,
    /// even after `parallel()`.
    ///
    /// Any thread may close the stream: that ends it and leaves this receiver open. The stream
    /// takes a message only to hand it on at once; all other messages remain for the next receive.
    /// (The iterator and the spliterator *of the stream* take one message ahead.)
    ///
    /// ```java
    /// List<Order> five = receiver.stream().filter(Order::isUrgent).limit(5).toList();
    /// ```
    public Stream<T> stream() {
        EndableWait<T> wait = new EndableWait<>(this);
        return StreamSupport.stream(new MessageSpliterator<>(wait), false).onClose(wait::end);
    }

    /// The publisher of the messages, for one subscriber at a time: a second subscriber gets an
    /// `IllegalStateException` in its `onError`. Always the same object.
    ///
    /// A virtual thread waits here and calls the subscriber while there is demand; without demand
    /// there is no such thread. When every sender is gone, it calls `onComplete`; it finds that out
    /// only while there is demand. If [#receive()] throws anything else, it calls `onError`, and
    /// the receiver remains open. Once `cancel` has returned, other threads may receive. At most
    /// one message, taken before that, still goes to `onNext`; all others remain in the receiver. A
    /// subscriber that throws is cancelled.
    ///
    /// ```java
    /// receiver.publisher().subscribe(subscriber);
    /// ```
    public Flow.Publisher<T> publisher() {
        return publisher;
    }

    /// Reads messages in place: waits for the first message as [#receive()] does, then hands on all
    /// that are there, up to `limit`.
    ///
    /// Ends inside the messages are closed. The handler may send, and close this receiver, but not
    /// receive from it. Throws what [#receive()] throws, and what the handler throws.
    ///
    /// @return how many messages were handled, at least 1
    public int receive(MessageHandler handler, int limit) throws InterruptedException {
        return handle(handler, limit, Deadline.NEVER, null);
    }

    /// Reads messages in place, and waits for the first no longer than `timeout`.
    ///
    /// @return how many messages were handled, at least 1
    /// @throws TimedOut if none came in time
    public int receive(MessageHandler handler, int limit, Duration timeout)
            throws InterruptedException {
        int handled = handle(handler, limit, Failures.deadline(timeout), null);
        if (handled == 0) {
            throw Failures.timedOut("no message came to ", this, timeout);
        }
        return handled;
    }

    /// Reads in place the messages that are there, up to `limit`. Never waits; see [#tryReceive()].
    ///
    /// @return how many messages were handled
    public int tryReceive(MessageHandler handler, int limit) {
        try {
            return handle(handler, limit, Deadline.NOW, null);
        } catch (InterruptedException impossible) {
            throw new AssertionError("a look has waited", impossible);
        }
    }

    /// This receiver as an object without the type of its messages, for code that hands receivers
    /// on. This object is used up.
    ///
    /// @throws EndClosed if this one is closed or has moved
    /// @throws IllegalStateException if a thread is receiving, or this receiver has an owner
    public OpaqueReceiver erase() {
        enter(null);
        try {
            OpaqueReceiver erased = new OpaqueReceiver(way, origin); // may fail
            closer.giveOn();
            cleanable.clean();
            return erased;
        } finally {
            way.exit();
        }
    }

    /// The options of its channel. [WaitStrategy#HYBRID] without a spin, or made on a machine of
    /// one processor, is given as [WaitStrategy#BLOCK]. If the strategy is not `HYBRID`, the spin
    /// is the default.
    public ChannelOptions options() {
        return ChannelOptions.of(way.settings());
    }

    /// The counters of this receiver. Any thread may call this at any time, also after the close.
    /// It delays no other thread.
    public EndStats stats() {
        return EndStats.of(way.counters());
    }

    /// Whether this receiver is open and a sender is left, as far as the kernel knows now. There
    /// may be messages in either case. The answer may change a moment later: use it for people and
    /// logs.
    public boolean isConnected() {
        try {
            return !closer.isGivenOn() && way.isConnected();
        } catch (OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Registers `action` to run once when no sender is left, on a virtual thread of its own; at
    /// once if none is left already. Messages already sent can still be received. The action does
    /// not run if this receiver is closed or moves first. An action that refers to this receiver
    /// keeps it reachable, so that it cannot be found forgotten.
    ///
    /// @throws EndClosed if this receiver is closed or has moved
    public void onDisconnect(Runnable action) {
        Argument.given(action, "action");
        checkOpen();
        try {
            way.onDisconnect(action);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Ends receiving here. Never waits; [#close] follows.
    void end() {
        if (!closer.isGivenOn()) {
            way.end(origin.sentence(CLOSED));
        }
    }

    /// Closes this receiver; a thread that waits in it is woken with [EndClosed], and senders
    /// notice at their next send.
    ///
    /// Waits for a handler that runs in another thread. A close by the handler itself takes effect
    /// when the handler returns. If the receiver is in a message that waits to be sent, the close
    /// takes effect only if the message is not sent. Messages not received are lost. The second and
    /// later closes do nothing.
    @Override
    public void close() {
        if (!closer.isGivenOn()) {
            try {
                way.close(origin.sentence(CLOSED));
            } finally {
                cleanable.clean();
            }
        }
    }

    @Override
    public String toString() {
        boolean isEnded = way.isEnded() || closer.isGivenOn();
        return "Receiver[%s%s, %s%s]".formatted(typeName(), origin.shown(),
                isEnded ? "closed" : way.hasLeft() ? "has left" : "open",
                isEnded ? "" : way.describe());
    }

    private String typeName() {
        return origin.typeOr(MessageTypes.name(codec, way.settings()));
    }

    @Override
    Origin receiverOrigin() {
        return origin;
    }

    /// Prepares to travel in a message: no thread can receive until the message is sent or not.
    @Override
    Moving export() {
        checkOpen();
        try {
            return Moving.of(way);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Waits for a message as [#receive()] does, then asks, inside the guard, whether it is wanted.
    /// If not, the message remains for the next receive.
    ///
    /// @param as the owner that waits; the ownership ends with this call
    /// @return null if the message was not wanted
    @Nullable
    T receiveIf(@Nullable Owner as, BooleanSupplier isWanted) throws InterruptedException {
        enter(as);
        try {
            IncomingMessage found = nextFound();
            if (isWanted.getAsBoolean()) {
                return reader.take(found);
            }
            found.putBack();
            return null;
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            if (as != null) {
                way.disown();
            }
            way.exit();
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
        }
    }

    /// Closes the ends in a message that was received here and is dropped.
    void drop(T message) {
        MessageBytes.closeEnds(message, codec, true);
    }

    private IncomingMessage nextFound() throws InterruptedException {
        IncomingMessage found = way.next(Deadline.NEVER);
        if (found == null) {
            throw new AssertionError("a wait without an end has ended");
        }
        return found;
    }

    private @Nullable T next(@Nullable Owner as, Deadline deadline) throws InterruptedException {
        enter(as);
        try {
            IncomingMessage found = way.next(deadline);
            return found == null ? null : reader.take(found);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            way.exit();
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
        }
    }

    /// The way that messages come in by, for a set to wait on.
    Incoming way() {
        checkOpen();
        return way;
    }

    /// The marks beside the lane of the last message; null if there are none.
    @Nullable
    Marks marks() {
        enter(null);
        try {
            return way.marks();
        } finally {
            way.exit();
        }
    }

    /// Hands on the messages that are there, in one batch, for a set.
    ///
    /// @param patience until when the call may wait for the reason of an end
    /// @return why nothing more can come, or null if something can
    @Nullable
    IpcException collect(Membership membership, Deadline patience, MessageSink<T> sink) {
        return reader.collect(membership, patience, sink);
    }

    /// Reads messages in place.
    ///
    /// @param sentBy gets the number of the sending member of a name, before the handler gets the
    /// message; null if it is not needed
    /// @return the number of messages; 0 if the deadline came first
    int handle(MessageHandler handler, int limit, Deadline deadline,
            @Nullable LongConsumer sentBy) throws InterruptedException {
        check(handler, limit);
        enter(null);
        try {
            return handleFrom(first(deadline), handler, limit, sentBy);
        } catch (RuntimeException failure) {
            throw origin.translate(failure);
        } finally {
            way.exit();
            Reference.reachabilityFence(this); // a receiver at work is not forgotten
        }
    }

    /// The first message. A lack of heap here is the library's, not the handler's.
    private @Nullable IncomingMessage first(Deadline deadline) throws InterruptedException {
        try {
            return deadline == Deadline.NOW ? way.tryNext() : way.next(deadline);
        } catch (OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    private int handleFrom(@Nullable IncomingMessage first, MessageHandler handler, int limit,
            @Nullable LongConsumer sentBy) {
        IncomingMessage found = first;
        int handled = 0;
        long bytes = 0;
        try {
            while (found != null) {
                Descriptor.closeAll(found.takeDescriptors());
                bytes += found.length();
                handled++;
                try {
                    if (sentBy != null) {
                        sentBy.accept(found.member());
                    }
                    handler.onMessage(found.view(), found.index(), found.length());
                } finally {
                    found.consumeInBatch();
                }
                found = handled < limit && !way.isEnded() ? way.poll() : null;
            }
            return handled;
        } finally {
            way.count(handled, bytes);
            way.publish();
        }
    }

    private void checkOpen() {
        if (closer.isGivenOn()) {
            throw new EndClosed(ERASED);
        }
    }

    /// Gives this receiver to an owner, until [#disown].
    void own(Owner next) {
        checkOpen();
        try {
            way.own(next);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Takes this receiver from its owner, which has no thread inside.
    void disown(Owner from) {
        enter(from);
        way.disown();
        way.exit();
    }

    /// Enters the guard.
    void enter(@Nullable Owner as) {
        checkOpen();
        try {
            way.enter(as);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    private static void check(MessageHandler handler, int limit) {
        Argument.given(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: limit=" + limit);
        }
    }
}
