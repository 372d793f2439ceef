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
/// Any thread may close it. Messages of one process arrive in the order in which it sent them;
/// processes are heard in turn. What was committed before a sender was closed or its process died
/// is received first, then [Disconnected] is thrown.
///
/// A receiver that is put into a message moves with it, messages not yet received included, see
/// [Encoder#put(Transferable)].
///
/// The same messages come through a loop, a [#stream], a future of [#receiveAsync] and a
/// [#publisher]. Each of these receives for its user: while it waits, no other thread can, and
/// while it does not, it holds nothing.
///
/// A set, a router, a caller or a responder, a future and a message that takes it along have it for
/// themselves: whatever else would receive from it, move it or hand it on is refused meanwhile with
/// an `IllegalStateException` that says whose it is. Closing it, and questions about it, are not.
///
/// ```java
/// for (Order order : receiver) { // ends when every sender is gone
///     ship(order);
/// }
/// ```
///
/// @param <T> the type of the messages
// Longer than other files: each way to receive stands here, and how it goes into the guard and out.
public final class Receiver<T> extends Transferable implements Iterable<T> {

    static {
        EndKind.register(Receiver.class, new EndKind.Family("receiver", true,
                (choice, place) -> kind(choice.get(), place)));
    }

    /// What is said where a receiver was forgotten.
    static final String FORGOTTEN = "this receiver was forgotten";

    private static final String CLOSED = "this receiver was closed";
    private static final String ERASED = "this receiver is used up: it was made an opaque one";

    private final Incoming way;
    private final Codec<T> codec;
    private final Origin origin;
    private final EndCloser closer;
    private final Cleanable cleanable;
    private final MessageReader<T> reader; // inside
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

    /// Receives a message, waiting as long as there can be one.
    ///
    /// @throws Disconnected if all senders are gone and everything they sent has been received
    /// @throws CodecFailed if the bytes are not a message; it is consumed, and the channel goes on
    /// @throws ProtocolViolation if a sender broke the format; that sender is cut off, and the
    /// channel goes on
    /// @throws EndClosed if this receiver is closed or has moved, before or while it waits
    /// @throws ResourceExhausted if a sender's memory or descriptors could not be taken up; that
    /// sender is cut off. Also if a message does not fit into the heap; it is consumed, and the
    /// channel goes on
    /// @throws IllegalStateException if another thread is receiving, if a handler or a codec of
    /// this receiver calls this while it runs, or if this receiver belongs to a set, a caller or
    /// whatever else has it for itself
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

    /// Receives a message that is there. Never waits; where none is, it asks the kernel once, in
    /// about a third of a microsecond. Throws what [#receive()] throws.
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

    /// Receives a message without keeping the caller: a virtual thread waits for it.
    ///
    /// The receiver is the future's when this returns: nobody else receives until it is complete,
    /// and all are refused with an `IllegalStateException`. The future fails with what [#receive()]
    /// throws, that exception included if another thread is receiving or another future waits. Its
    /// thread keeps this receiver until then, as what depends on the future may be all that waits.
    /// Cancelling or completing it by hand ends the wait, and once that call has returned, another
    /// may receive; the message is then the next one's, unless it was on its way into the future:
    /// then it does not let itself be cancelled any more.
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

    /// The messages, one by one as they come, until every sender is gone. Each step of it throws
    /// what [#receive()] throws. An interrupt while it waits is a `CancellationException`, and the
    /// thread's flag is set again.
    ///
    /// [Iterator#hasNext] leaves the message it has seen in the receiver: it is the next one for
    /// whoever receives first.
    @Override
    public Iterator<T> iterator() {
        return new MessageIterator<>(this);
    }

    /// The messages as a stream, taken when they are asked for, until every sender is gone. It does
    /// what [#iterator] does on an interrupt, and is sequential even if it is told not to be.
    ///
    /// Closing it, by any thread, ends it and leaves this receiver open. A message is taken out
    /// only to be handed on at once: what has not been is the next one for whoever receives. (The
    /// iterator and the spliterator *of the stream* take one ahead.)
    ///
    /// ```java
    /// List<Order> five = receiver.stream().filter(Order::isUrgent).limit(5).toList();
    /// ```
    public Stream<T> stream() {
        EndableWait<T> wait = new EndableWait<>(this);
        return StreamSupport.stream(new MessageSpliterator<>(wait), false).onClose(wait::end);
    }

    /// The messages for one subscriber at a time: a second one gets an `IllegalStateException` in
    /// its `onError`. Always the same object.
    ///
    /// A virtual thread calls the subscriber, and waits here while there is demand, from the call
    /// that asks for the first message on; without, it is not there. Once every sender is gone it
    /// calls `onComplete`, when it meets that end, which it does not look for without demand; on
    /// whatever else [#receive()] throws, `onError`, and the receiver goes on. Once `cancel` has
    /// returned, another may receive. A message taken by then still goes to `onNext`, one at most;
    /// all others stay. A subscriber that throws has cancelled.
    ///
    /// ```java
    /// receiver.publisher().subscribe(subscriber);
    /// ```
    public Flow.Publisher<T> publisher() {
        return publisher;
    }

    /// Reads messages in place: waits for the first as [#receive()] does, then hands on those that
    /// are there, up to `limit`.
    ///
    /// Ends inside the messages are closed. The handler may send, and close this receiver, but not
    /// receive from it. Throws what [#receive()] throws, and what the handler throws.
    ///
    /// @return how many messages were handled, at least 1
    public int receive(MessageHandler handler, int limit) throws InterruptedException {
        return handle(handler, limit, Deadline.NEVER, null);
    }

    /// Reads messages in place, waiting for the first no longer than `timeout`.
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

    /// Reads in place those messages that are there, up to `limit`. Never waits; see
    /// [#tryReceive()].
    ///
    /// @return how many messages were handled
    public int tryReceive(MessageHandler handler, int limit) {
        try {
            return handle(handler, limit, Deadline.NOW, null);
        } catch (InterruptedException impossible) {
            throw new AssertionError("a look has waited", impossible);
        }
    }

    /// Another object for this receiver that does not know its type, for code that hands receivers
    /// on. This one is used up.
    ///
    /// @throws EndClosed if this one is closed or has moved
    /// @throws IllegalStateException if a thread is receiving, or this receiver belongs to somebody
    public OpaqueReceiver erase() {
        enter(null);
        try {
            OpaqueReceiver erased = new OpaqueReceiver(way, origin); // may fail: this one stays
            closer.giveOn();
            cleanable.clean();
            return erased;
        } finally {
            way.exit();
        }
    }

    /// The options of its channel. [WaitStrategy#HYBRID] that never looks, having no spin or being
    /// made on a machine of one processor, is [WaitStrategy#BLOCK]; without `HYBRID`, the spin is
    /// the default.
    public ChannelOptions options() {
        return ChannelOptions.of(way.settings());
    }

    /// What has been received here, in numbers. Any thread may ask, at any time, also once this
    /// receiver is closed; nobody is held up.
    public EndStats stats() {
        return EndStats.of(way.tally());
    }

    /// Whether a sender is left, as far as the kernel knows by now, and this receiver is open;
    /// messages may be there in any case. It may change a moment later: an answer for people and
    /// logs.
    public boolean isConnected() {
        try {
            return !closer.isGivenOn() && way.isConnected();
        } catch (OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Has `action` run once no sender is left: on a virtual thread of its own, once, at once if
    /// none is left already. Messages that were sent are still to be received. Not if this receiver
    /// is closed or moves before. Keep no reference to this receiver in it if the receiver is to be
    /// found when it is forgotten.
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

    /// Has nothing more received here. Never waits; [#close] follows.
    void end() {
        if (!closer.isGivenOn()) {
            way.end(origin.sentence(CLOSED));
        }
    }

    /// Closes this receiver; a thread that waits in it is woken with [EndClosed], and senders learn
    /// at their next send.
    ///
    /// Waits for a handler that runs in another thread; called by the handler itself, it takes
    /// effect when the handler returns. On a receiver inside a message that waits to be sent, it
    /// takes effect if that is not sent. Messages not received are lost. The second and later
    /// closes do nothing.
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

    /// Gets ready to travel in a message: nobody can receive until it has, or has not.
    @Override
    Moving export() {
        checkOpen();
        try {
            return Moving.of(way);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Waits for a message as [#receive()] does, and then asks, inside the guard, whether it is
    /// wanted: if not, it stays, for whoever receives next.
    ///
    /// @param as the owner for whom, which does not own this receiver any more afterwards
    /// @return null if it was not wanted
    @Nullable
    T receiveIf(@Nullable Owner as, BooleanSupplier isWanted) throws InterruptedException {
        enter(as);
        try {
            IncomingMessage found = nextFound();
            if (isWanted.getAsBoolean()) {
                return reader.take(found);
            }
            found.stay();
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

    /// Closes the ends in a message that was received here and that nobody gets.
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

    /// For a set: the way to wait on.
    Incoming way() {
        checkOpen();
        return way;
    }

    /// The marks beside the lane of what comes in; null where there are none.
    @Nullable
    Marks marks() {
        enter(null);
        try {
            return way.marks();
        } finally {
            way.exit();
        }
    }

    /// For a set: hands on what is there, in a batch.
    ///
    /// @param patience until when the caller may wait for what there is to know of an end
    /// @return why nothing more can come, or null if something can
    @Nullable
    IpcException collect(Membership membership, Deadline patience, MessageSink<T> sink) {
        return reader.collect(membership, patience, sink);
    }

    /// Reads messages in place.
    ///
    /// @param sentBy gets the number of the member of a name that has sent a message, before the
    /// handler gets the message; null where that is not asked for
    /// @return how many; 0 if the deadline came first
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

    /// What a lack of heap is in the library, and not the handler's.
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

    /// Gives this receiver to somebody for itself, until [#disown].
    void own(Owner next) {
        checkOpen();
        try {
            way.own(next);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Takes this receiver from its owner, with none of whose threads inside.
    void disown(Owner from) {
        enter(from);
        way.disown();
        way.exit();
    }

    /// Goes into the guard.
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
