package dev.ipcchannel;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.MessageSink;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The library's own door to what this package keeps to itself, for its other packages. Not for
/// users: what it takes and gives is of packages that the module does not export.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // it is one of javadoc's own
public final class EndAccess {

    private EndAccess() {}

    /// Whether ends of channels, or shared bytes, may be in messages of that codec: they go with
    /// the first sending of one.
    public static boolean mayHaveEnds(Codec<?> codec) {
        return !(codec instanceof KnownCodec<?> known) || known.mayHaveEnds();
    }

    /// An encoder for [#encode].
    public static Encoder encoder() {
        return new Encoder();
    }

    /// Has `encoder` hold the bytes of a value that has no ends in it, and nothing else.
    ///
    /// @throws CodecFailed and the others of [Codec#toBytes]
    public static <T> void encode(T value, Codec<T> codec, Encoder encoder) {
        try {
            encoder.reset();
            MessageBytes.encodeAlone(value, codec, encoder);
        } catch (OutOfMemoryError failure) {
            throw Failures.outOfMemory("the heap has no room for the bytes of a message", failure);
        }
    }

    /// Copies what `encoder` holds to the index `at` of `target` and those that follow, and empties
    /// it.
    public static void copy(Encoder encoder, byte[] target, int at) {
        encoder.sink().copyTo(target, at);
        encoder.reset();
    }

    /// A decoder for [#valueAt].
    public static Decoder decoder() {
        return new Decoder();
    }

    /// The value whose bytes are so many of `bytes`, from the index `from` on.
    ///
    /// @param decoder that one thread uses for nothing else, again and again
    /// @throws CodecFailed and the others of [Codec#fromBytes]
    public static <T> T valueAt(byte[] bytes, int from, int length, Codec<T> codec,
            Decoder decoder) {
        return MessageBytes.decodeAlone(decoder.start(bytes, from, length), codec);
    }

    /// Checks that the library can work here at all.
    public static void checkPlatform() {
        Failures.checkPlatform();
    }

    /// Waits for any process that keeps to a transport's terms; see
    /// [OneShotServer#accept(Duration)]. One that breaks them is turned away.
    public static <T> T accept(OneShotServer<T> server, Child.Terms terms, Duration timeout)
            throws InterruptedException {
        return server.first(null, terms, timeout);
    }

    /// Reads messages in place; see [Receiver#receive(MessageHandler, int)].
    ///
    /// @param sentBy gets the number of the member of a name that has sent a message, before the
    /// handler gets the message
    /// @return how many; 0 if the deadline came first
    public static int receive(Receiver<?> receiver, MessageHandler handler, int limit,
            Deadline deadline, LongConsumer sentBy) throws InterruptedException {
        return receiver.handle(handler, limit, deadline, sentBy);
    }

    /// What a receiver's messages come by, for a set.
    public static Incoming way(Receiver<?> receiver) {
        return receiver.way();
    }

    /// The marks beside the lane by which a link sends: this side's is the one that its receiver
    /// looks at by [#inMarks].
    ///
    /// @return null if the link does not go through channels
    /// @throws EndClosed if it is closed
    /// @throws IllegalStateException if it belongs to somebody ([Link#ownedBy]): to be asked before
    public static @Nullable Marks outMarks(Link<?, ?> link) {
        Duplex<?, ?> ends = Duplex.of(link);
        return ends == null ? null : ends.sender().marks();
    }

    /// The marks beside the lane by which a link's messages come, that of the last one received:
    /// this side's is the one that their sender looks at by [#outMarks].
    ///
    /// @return null if the link does not go through channels
    /// @throws EndClosed if it is closed
    /// @throws IllegalStateException if it belongs to somebody ([Link#ownedBy]): to be asked before
    public static @Nullable Marks inMarks(Link<?, ?> link) {
        Duplex<?, ?> ends = Duplex.of(link);
        return ends == null ? null : ends.receiver().marks();
    }

    /// Hands on what is there, in a batch, for a set.
    ///
    /// @param patience until when the caller may wait for what there is to know of an end
    /// @return why nothing more can come, or null if something can
    public static <T> @Nullable IpcException collect(Receiver<T> receiver, Membership membership,
            Deadline patience, MessageSink<T> sink) {
        return receiver.collect(membership, patience, sink);
    }

    /// Closes the ends in a message that was received and that no code gets.
    public static <T> void drop(Receiver<T> receiver, T message) {
        receiver.drop(message);
    }

    /// The same for a part of one, which that codec is for.
    public static <T> void drop(Codec<T> codec, T part) {
        MessageBytes.closeEnds(part, codec, true);
    }

    /// The two ends of a new channel as what users see, of which both are closed where the heap has
    /// no room for that.
    public static <T> Channel<T> channel(Ends ends, Codec<T> codec) {
        return Channel.of(ends, codec);
    }

    /// The number of the member of a name that has sent what is decoded.
    public static long member(Decoder in) {
        return in.member();
    }

    /// The settings of the lanes of a channel.
    public static LaneSettings settings(ChannelOptions options, Codec<?> codec) {
        return options.settings(codec);
    }

    /// The description of a codec's messages, for a comparison with another process's; empty if it
    /// does not say.
    public static String type(Codec<?> codec) {
        return codec.description();
    }

    /// The user's name for a codec's messages; empty if it is not known.
    public static String typeName(Codec<?> codec) {
        return Codecs.name(codec);
    }

    /// The first place of an end of a channel, which has one place alone, in a codec's messages, as
    /// far as it says; empty if there is none.
    public static String movingEnd(Codec<?> codec) {
        return codec instanceof KnownCodec.OfPlan<?> known ? known.movingEnd() : "";
    }

    /// The sender whose messages go that way, which ends if the heap has no room for it, of an end
    /// that meets others by a name.
    public static <T> Sender<T> sender(Outgoing way, Codec<T> codec, NamedEnd named) {
        return Sender.first(way, codec, named);
    }

    /// The receiver of what comes in there, which meets others by a name.
    public static <T> Receiver<T> receiver(Incoming way, Codec<T> codec, NamedEnd named) {
        return new Receiver<>(way, codec, new Origin(named));
    }

    /// The moment `timeout` from now.
    public static Deadline deadline(Duration timeout) {
        return Failures.deadline(timeout);
    }

    /// The public exception for an inner one, of the end of that name.
    public static RuntimeException translate(Throwable failure, String name) {
        return Failures.translate(failure, name);
    }

    /// The public exception for an inner one.
    public static RuntimeException translate(Throwable failure) {
        return Failures.translate(failure);
    }

    /// Has `closer` run when `end` is forgotten, which the log says, or at [Cleanable#clean].
    ///
    /// @param what the end is, for people
    /// @param isEnded whether there is nothing to close any more; neither it nor `closer` holds a
    /// reference to the end
    public static Cleanable whenForgotten(Object end, Supplier<String> what,
            BooleanSupplier isEnded, Runnable closer) {
        Throwable place = ForgottenEnds.place();
        return ForgottenEnds.register(end, () -> {
            if (!isEnded.getAsBoolean()) {
                ForgottenEnds.report(what.get(), place, closer);
            }
        });
    }

    /// Has `closer` run when something is forgotten that holds no end of its own, which is no
    /// mistake worth a word.
    public static Cleanable whenForgotten(Object holder, Runnable closer) {
        return ForgottenEnds.register(holder, closer);
    }
}
