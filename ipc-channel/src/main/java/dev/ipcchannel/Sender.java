package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wait.Owner;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The sending end of a [Channel].
///
/// Any number of threads may use a sender; only an [#exclusive] one belongs to a single thread.
/// `send` waits while the ring is full, for as long as the receiver exists. A sent message is
/// received even if the sender is closed, or its process killed, right afterwards.
///
/// A sender and its [#share]s have a ring in common, made at the first send. Messages of one ring
/// arrive in order; there is no order between rings. A sender that arrives in a message, and an
/// exclusive one, have rings of their own. (Of the senders of one channel that arrive by one
/// receiver, the first 64 get rings of their own; later ones share these rings.)
///
/// A sender that is put into a message moves with it, see [Encoder#put(Transferable)]. If a caller
/// or a responder owns a sender, any thread may close it, and all other calls are refused with an
/// `IllegalStateException`.
///
/// @param <T> the type of the messages
public final class Sender<T> extends Transferable {

    static {
        EndKind.register(Sender.class, new EndKind.Family("sender", true,
                (choice, place) -> kind(choice.get(), place)));
    }

    private static final String CLOSED = "this sender was closed";
    private static final String ERASED = "this sender is used up: it was made an opaque one";

    private final Outgoing way;
    private final Codec<T> codec;
    private final Origin origin;
    private final @Nullable Claim ownClaim; // of an exclusive sender, used again and again
    private final boolean isToMany;
    private final Cleanable cleanable;
    // Set once, by a synchronized method, and read without a lock: it has to be visible only to a
    // thread that knows of the owner, and such a thread has synchronized with it.
    private @Nullable Owner owner;
    private final AtomicReference<@Nullable Encoder> spareEncoder =
            new AtomicReference<>(new Encoder());

    /// A sender whose messages go `way`.
    Sender(Outgoing way, Codec<T> codec, Origin origin) {
        this.way = way;
        this.codec = codec;
        this.origin = origin;
        this.ownClaim = isExclusive() ? new Claim(way, this) : null;
        this.isToMany = !(way instanceof Movable);
        this.cleanable =
                ForgottenEnds.register(this, new EndCloser(way, "a sender",
                        MessageTypes.named(codec), origin, CLOSED));
    }

    /// A sender that is the first of its way. The way is ended if the heap has no room for the
    /// sender.
    static <T> Sender<T> first(Outgoing way, Codec<T> codec, @Nullable NamedEnd named) {
        boolean isMade = false;
        try {
            Origin origin = named == null ? new Origin() : new Origin(named);
            Sender<T> sender = new Sender<>(way, codec, origin);
            isMade = true;
            return sender;
        } finally {
            if (!isMade) {
                way.end(CLOSED);
            }
        }
    }

    /// The kind of senders of channels whose messages go through `codec`, for
    /// [Decoder#get(EndKind)].
    public static <T> EndKind<Sender<T>> kind(Codec<T> codec) {
        return kind(EndKind.always(codec), "");
    }

    private static <T> EndKind<Sender<T>> kind(EndKind.CodecChoice<T> choice, String place) {
        return new EndKind<>() {

            @Override
            Sender<T> take(Transfer words, ArrivedEnds arrived) {
                Movable way = arrived.sender(words);
                String messageType = way.settings().messageType();
                Codec<T> codec = choice.choose(messageType);
                Sender<T> sender = arrived.noted(Sender::close,
                        new Sender<>(way, codec, new Origin()));
                MessageTypes.check(codec, messageType, arrived.shown("sender", place));
                return sender;
            }
        };
    }

    /// Sends a message, and waits for room as long as the receiver exists.
    ///
    /// @throws Disconnected if the receiver is gone
    /// @throws CodecFailed if the message cannot be turned into bytes; nothing is sent
    /// @throws MessageTooLarge if it is longer than [#maxMessage]; nothing is sent
    /// @throws EndClosed if this sender is closed or has moved, before or while it waits
    /// @throws ResourceExhausted if memory for it, in the heap or outside, or descriptors have run
    /// out; nothing is sent, and the channel goes on. Also if the receiver has not accepted this
    /// sender, having as many as it can, or has cut it off for want of descriptors: then messages
    /// that it had not read are lost, and this sender cannot be used any more
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is sent
    public void send(T message) throws InterruptedException {
        sendAs(null, message);
    }

    /// The same for an owner.
    void sendAs(@Nullable Owner as, T message) throws InterruptedException {
        boolean _ = deliver(as, message, null);
    }

    /// Sends a message, and waits for room no longer than `timeout`. Throws what [#send(Object)]
    /// throws.
    ///
    /// @throws TimedOut if there was no room in time; nothing is sent
    public void send(T message, Duration timeout) throws InterruptedException {
        sendAs(null, message, timeout);
    }

    /// The same for an owner.
    void sendAs(@Nullable Owner as, T message, Duration timeout) throws InterruptedException {
        if (!deliver(as, message, Argument.given(timeout, "timeout"))) {
            throw Failures.timedOut("no room for a message in ", this, timeout);
        }
    }

    /// Sends a message if there is room now. Never waits. Throws what [#send(Object)] throws.
    public SendOutcome trySend(T message) {
        return trySendAs(null, message);
    }

    /// The same for an owner.
    SendOutcome trySendAs(@Nullable Owner as, T message) {
        Encoder encoder = takeEncoder();
        try {
            encode(as, message, encoder);
            Outgoing.Offer offer = way.trySend(encoder.outgoing());
            if (offer == Outgoing.Offer.SENT) {
                encoder.sent(encoder.hasMoving() ? reader() : null);
            }
            return outcome(offer);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            giveBack(encoder);
            Reference.reachabilityFence(this); // a sender at work is not forgotten
            Reference.reachabilityFence(message); // nor are the ends in its message
        }
    }

    private static SendOutcome outcome(Outgoing.Offer offer) {
        return switch (offer) {
            case SENT -> SendOutcome.SENT;
            case FULL -> SendOutcome.FULL;
            case NO_RECEIVER -> SendOutcome.NO_RECEIVER;
        };
    }

    /// Reserves room in shared memory for a message of `length` bytes, to be written in place.
    /// Waits as [#send(Object)] does.
    ///
    /// The receiver gets the bytes as they are: the bytes of a `byte[]`, of a `String` in UTF-8, or
    /// those that the user's own codec would have made.
    ///
    /// @throws IllegalStateException if the channel's messages are values that the library turns
    /// into bytes, records for instance: those are sent by [#send(Object)]
    /// @throws IllegalStateException if the thread has a claim open on this channel already
    public Claim claim(int length) throws InterruptedException {
        Claim opened = openClaim(length, Deadline.NEVER);
        if (opened == null) {
            throw new AssertionError("a wait without an end has ended");
        }
        return opened;
    }

    /// Reserves room for a message, and waits no longer than `timeout`.
    ///
    /// @throws TimedOut if there was no room in time
    public Claim claim(int length, Duration timeout) throws InterruptedException {
        Claim opened = openClaim(length, Failures.deadline(timeout));
        if (opened == null) {
            throw Failures.timedOut("no room for a message in ", this, timeout);
        }
        return opened;
    }

    /// Reserves room for a message if there is some now. Never waits.
    ///
    /// @return null if there is no room, or another thread is using this sender
    public @Nullable Claim tryClaim(int length) {
        checkLength(length);
        checkFree(null);
        try {
            Claim claim = claimToOpen();
            long index = way.tryClaim(length);
            return index == RingWriter.FULL ? null : claim.open(index, length);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Another sender into the same channel, to be closed by itself. The two share a ring.
    ///
    /// @throws EndClosed if this one is closed or has moved
    public Sender<T> share() {
        return made(anotherShare());
    }

    /// A sender for another way, which is ended if the heap has no room for the sender.
    private Sender<T> made(Movable another) {
        try {
            return new Sender<>(another, codec, origin);
        } catch (OutOfMemoryError failure) {
            another.end(CLOSED);
            throw origin.translate(failure);
        }
    }

    private Movable anotherShare() {
        checkFree(null);
        try {
            return movable().share();
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Another sender into the same channel, for the calling thread only: faster, since it has a
    /// ring of its own and no lock. Every call by another thread, [#close] as well, is an
    /// `IllegalStateException`. There is no order between its messages and those of other senders.
    ///
    /// @throws EndClosed if this one is closed or has moved
    public Sender<T> exclusive() {
        checkFree(null);
        try {
            return made(movable().exclusive());
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// This sender as an object without the type of its messages, for code that hands senders on.
    /// This object is used up.
    ///
    /// @throws EndClosed if this one is closed or has moved
    public OpaqueSender erase() {
        OpaqueSender erased = erased(anotherShare());
        way.end(ERASED);
        cleanable.clean();
        return erased;
    }

    private OpaqueSender erased(Movable another) {
        try {
            return new OpaqueSender(another, origin);
        } catch (OutOfMemoryError failure) {
            another.end(ERASED);
            throw origin.translate(failure);
        }
    }

    /// Whether this sender is open and the receiver is there, as far as the kernel knows now. It
    /// may be gone a moment later: use the answer for people and logs.
    public boolean isConnected() {
        try {
            return movable().isConnected();
        } catch (OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// Registers `action` to run once when the receiver is gone, on a virtual thread of its own; at
    /// once if it is gone already. The action does not run if this sender is closed or moves first.
    /// An action that refers to this sender keeps it reachable, so that it cannot be found
    /// forgotten.
    ///
    /// @throws EndClosed if this sender is closed or has moved
    public void onDisconnect(Runnable action) {
        Argument.given(action, "action");
        try {
            movable().onDisconnect(action);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// The counters of this sender and of all senders of this process that [#share] a ring with it.
    /// Any thread may call this at any time, also after the close. It delays no other thread.
    public EndStats stats() {
        return EndStats.of(way.counters());
    }

    /// The marks beside this sender's lane; null if it has not exactly one lane.
    @Nullable
    Marks marks() {
        try {
            return way.marks();
        } catch (RuntimeException failure) {
            throw origin.translate(failure);
        }
    }

    /// The options of its channel. [WaitStrategy#HYBRID] without a spin, or made on a machine of
    /// one processor, is given as [WaitStrategy#BLOCK]. If the strategy is not `HYBRID`, the spin
    /// is the default.
    public ChannelOptions options() {
        return ChannelOptions.of(way.settings());
    }

    /// The longest message that can be sent, in bytes.
    public int maxMessage() {
        return way.maxMessage();
    }

    /// Closes this sender; threads that wait in it are woken with [EndClosed]. Messages already
    /// sent are still received.
    ///
    /// A claim that another thread has open can still be committed. The second and later closes do
    /// nothing.
    @Override
    public void close() {
        way.end(origin.sentence(CLOSED));
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "Sender[%s%s, %s%s]".formatted(typeName(), origin.shown(),
                way.isEnded() ? "closed" : isExclusive() ? "open, exclusive" : "open",
                way.isEnded() ? "" : way.describe());
    }

    private String typeName() {
        return origin.typeOr(MessageTypes.name(codec, way.settings()));
    }

    /// Whether it belongs to one thread.
    boolean isExclusive() {
        return way instanceof Movable movable && movable.isExclusive();
    }

    /// The process that receives the messages, as words to begin a sentence with; empty if it is
    /// not known.
    String otherSide() {
        return origin.otherSide(reader());
    }

    private @Nullable Peer reader() {
        return way instanceof Movable movable ? movable.reader() : null;
    }

    private Movable movable() {
        if (way instanceof Movable movable) {
            return movable;
        }
        throw new IllegalStateException("a sender to many stays where it was opened, and has many"
                + " receivers that come and go: open another");
    }

    /// Prepares to travel in a message.
    @Override
    Moving export() {
        checkFree(null);
        try {
            return Moving.of(movable());
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    /// @param timeout null to wait as long as it takes
    private boolean deliver(@Nullable Owner as, T message, @Nullable Duration timeout)
            throws InterruptedException {
        Encoder encoder = takeEncoder();
        try {
            encode(as, message, encoder);
            boolean isSent = (timeout != null && isToMany && isSentAtOnce(encoder))
                    || way.send(encoder.outgoing(),
                            timeout == null ? Deadline.NEVER : Failures.deadline(timeout));
            if (isSent) {
                encoder.sent(encoder.hasMoving() ? reader() : null);
            }
            return isSent;
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            giveBack(encoder);
            Reference.reachabilityFence(this); // a sender at work is not forgotten
            Reference.reachabilityFence(message); // nor are the ends in its message
        }
    }

    /// Tries to send without a deadline, which would cost a clock read and an object. Only for a
    /// sender to many receivers: there a send that does not wait learns as much about a gone
    /// receiver as one that waits.
    private boolean isSentAtOnce(Encoder encoder) {
        try {
            return way.trySend(encoder.outgoing()) == Outgoing.Offer.SENT;
        } catch (LaneException crowded) {
            crowded.throwUnlessCrowd();
            return false;
        }
    }

    private void encode(@Nullable Owner as, T message, Encoder encoder) {
        Argument.given(message, "message");
        checkOpen();
        checkFree(as);
        try {
            MessageBytes.encode(message, codec, encoder);
        } catch (CodecFailed failure) {
            throw origin.named(failure);
        }
        checkLength(encoder.length());
        checkDescriptors(encoder.descriptors().size());
        if (encoder.hasEnds() && isToMany) {
            throw new IllegalStateException("ends of channels cannot go along in a message to many,"
                    + " since each has one place: send them to one receiver by a channel of its"
                    + " own: message=" + message.getClass().getName() + origin.shown());
        }
    }

    private @Nullable Claim openClaim(int length, Deadline deadline) throws InterruptedException {
        checkLength(length);
        checkFree(null);
        try {
            Claim claim = claimToOpen();
            long index = way.claim(length, deadline);
            return index == RingWriter.FULL ? null : claim.open(index, length);
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw origin.translate(failure);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// A claim object. It is made before the room is reserved: if the heap has no room for it, no
    /// reserved room is lost.
    private Claim claimToOpen() {
        if (codec instanceof KnownCodec.OfPlan) {
            throw new IllegalStateException(
                    ("a claim is for a message that is written as bytes, and this channel's are"
                            + " %s%s, which the library writes: use send, or make the channel for"
                            + " byte[]")
                            .formatted(typeName(), origin.shown()));
        }
        Claim claim = ownClaim;
        return claim == null ? new Claim(way, this) : claim;
    }

    private void checkLength(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: length=" + length);
        }
        if (length > maxMessage()) {
            throw origin.tooLong(length, way, typeName());
        }
    }

    private void checkDescriptors(int count) {
        if (count > LaneSettings.MAX_DESCRIPTORS) {
            throw new MessageTooLarge(
                    ("a message has more channel ends than it can take: descriptors=%d, limit=%d%s:"
                            + " send them in several messages")
                            .formatted(count, LaneSettings.MAX_DESCRIPTORS, origin.shown()));
        }
    }

    private void checkOpen() {
        try {
            way.checkOpen();
        } catch (RuntimeException | OutOfMemoryError failure) {
            RuntimeException known = origin.translate(failure);
            String closed = origin.sentence(CLOSED);
            throw known instanceof EndClosed && closed.equals(known.getMessage())
                    ? new EndClosed("%s%s type=%s%s".formatted(closed,
                            closed.equals(CLOSED) ? ":" : ",", typeName(), receiverShown()))
                    : known;
        }
    }

    private String receiverShown() {
        Peer reader = reader();
        return reader == null ? "" : ", " + reader.shown();
    }

    /// Gives this sender to an owner, for as long as it is open.
    ///
    /// @throws IllegalStateException if it has an owner
    synchronized void own(Owner next) {
        checkOpen();
        checkFree(null);
        owner = next;
    }

    private void checkFree(@Nullable Owner as) {
        Owner current = owner;
        if (current != null && !current.equals(as)) {
            throw current.refusal("this sender");
        }
    }

    /// Closes the ends in a message that is not sent and not used otherwise. Shared bytes in it
    /// remain open, as after a send.
    void dropUnsent(T message) {
        MessageBytes.closeEnds(message, codec, false);
    }

    /// An encoder for one call. A codec may send on this sender while it encodes, and several
    /// threads may encode at once, so each call has its own encoder. The spare one serves the usual
    /// case.
    private Encoder takeEncoder() {
        Encoder spare = spareEncoder.getAndSet(null);
        try {
            return (spare != null ? spare : new Encoder()).start(origin);
        } catch (OutOfMemoryError failure) {
            throw origin.translate(failure);
        }
    }

    private void giveBack(Encoder encoder) {
        encoder.reset();
        spareEncoder.setRelease(encoder);
    }
}
