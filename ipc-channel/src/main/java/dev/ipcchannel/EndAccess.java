package dev.ipcchannel;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.end.MessageSink;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.process.Kill;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.lang.ref.Cleaner.Cleanable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A door to the package-private members of this package, for the library's other packages. Not for
/// users: its parameters and results are of packages that the module does not export.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // it is one of javadoc's own
public final class EndAccess {

    private EndAccess() {}

    /// Whether messages of that codec may have ends of channels or shared bytes in them. An end
    /// moves when its message is sent for the first time.
    public static boolean mayHaveEnds(Codec<?> codec) {
        return !(codec instanceof KnownCodec<?> known) || known.mayHaveEnds();
    }

    /// The cause of a child's end.
    ///
    /// @param kill the SIGKILL that has ended it
    /// @param failure the error that it has announced before its end, as its `toString`; null if
    /// none
    /// @param caller of `System.exit` in it, as it has announced; null if none
    public static ChildReport.Cause cause(Kill kill, OptionalInt exitCode, List<String> errorLines,
            @Nullable Path crashFile, @Nullable String failure,
            @Nullable String caller) {
        return ChildReport.Cause.of(kill, exitCode, errorLines, crashFile, failure, caller);
    }

    /// An encoder for [#encode].
    public static Encoder encoder() {
        return new Encoder();
    }

    /// Empties `encoder`, then fills it with the bytes of a value that has no ends in it.
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

    /// Copies the bytes in `encoder` to `target` from the index `at` on, and empties `encoder`.
    public static void copy(Encoder encoder, byte[] target, int at) {
        encoder.sink().copyTo(target, at);
        encoder.reset();
    }

    /// A decoder for [#valueAt].
    public static Decoder decoder() {
        return new Decoder();
    }

    /// The value whose bytes are the `length` of `bytes` from the index `from` on.
    ///
    /// @param decoder used again and again, by one thread and for this only
    /// @throws CodecFailed and the others of [Codec#fromBytes]
    public static <T> T valueAt(byte[] bytes, int from, int length, Codec<T> codec,
            Decoder decoder) {
        return MessageBytes.decodeAlone(decoder.start(bytes, from, length), codec);
    }

    /// Checks that the library can run in this JVM.
    public static void checkPlatform() {
        Failures.checkPlatform();
    }

    /// Waits for any process that keeps to a transport's terms; see
    /// [OneShotServer#accept(Duration)]. A process that breaks them is turned away.
    public static <T> T accept(OneShotServer<T> server, Child.Terms terms, Duration timeout)
            throws InterruptedException {
        return server.first(null, terms, timeout);
    }

    /// Reads messages in place; see [Receiver#receive(MessageHandler, int)].
    ///
    /// @param sentBy gets the number of the sending member of a name, before the handler gets the
    /// message
    /// @return the number of messages; 0 if the deadline came first
    public static int receive(Receiver<?> receiver, MessageHandler handler, int limit,
            Deadline deadline, LongConsumer sentBy) throws InterruptedException {
        return receiver.handle(handler, limit, deadline, sentBy);
    }

    /// The incoming way of a receiver, for a set.
    public static Incoming way(Receiver<?> receiver) {
        return receiver.way();
    }

    /// The marks beside the lane that a link sends by. The receiver at the other side reads this
    /// side's mark by [#inMarks].
    ///
    /// @return null if the link does not go through channels
    /// @throws EndClosed if it is closed
    /// @throws IllegalStateException if it has an owner ([Link#ownedBy]): call this before
    public static @Nullable Marks outMarks(Link<?, ?> link) {
        Duplex<?, ?> ends = Duplex.of(link);
        return ends == null ? null : ends.sender().marks();
    }

    /// The marks beside the lane of the last message that a link has received. The sender at the
    /// other side reads this side's mark by [#outMarks].
    ///
    /// @return null if the link does not go through channels
    /// @throws EndClosed if it is closed
    /// @throws IllegalStateException if it has an owner ([Link#ownedBy]): call this before
    public static @Nullable Marks inMarks(Link<?, ?> link) {
        Duplex<?, ?> ends = Duplex.of(link);
        return ends == null ? null : ends.receiver().marks();
    }

    /// Hands the messages that are there to `sink`, in one batch, for a set.
    ///
    /// @param patience until when the call may wait for the reason of an end
    /// @return why nothing more can come, or null if something can
    public static <T> @Nullable IpcException collect(Receiver<T> receiver, Membership membership,
            Deadline patience, MessageSink<T> sink) {
        return receiver.collect(membership, patience, sink);
    }

    /// Closes the ends in a received message that is not given to any code.
    public static <T> void drop(Receiver<T> receiver, T message) {
        receiver.drop(message);
    }

    /// Closes the ends in a part of such a message. The codec is that part's.
    public static <T> void drop(Codec<T> codec, T part) {
        MessageBytes.closeEnds(part, codec, true);
    }

    /// The two ends of a new channel as public objects. Both are closed if the heap has no room for
    /// these.
    public static <T> Channel<T> channel(Ends ends, Codec<T> codec) {
        return Channel.of(ends, codec);
    }

    /// The number of the member of a name that has sent the message in `in`.
    public static long member(Decoder in) {
        return in.member();
    }

    /// The settings of the lanes of a channel.
    public static LaneSettings settings(ChannelOptions options, Codec<?> codec) {
        return options.settings(codec);
    }

    /// The description of a codec's messages, for a comparison with another process's; may be
    /// empty.
    public static String type(Codec<?> codec) {
        return codec.description();
    }

    /// The user's name for a codec's messages; empty if it is not known.
    public static String typeName(Codec<?> codec) {
        return Codecs.name(codec);
    }

    /// The first place in a codec's messages of an end that moves; empty if there is none or it is
    /// not known.
    public static String movingEnd(Codec<?> codec) {
        return codec instanceof KnownCodec.OfPlan<?> known ? known.movingEnd() : "";
    }

    /// A sender, opened by a name, whose messages go that way. The way is ended if the heap has no
    /// room for the sender.
    public static <T> Sender<T> sender(Outgoing way, Codec<T> codec, NamedEnd named) {
        return Sender.first(way, codec, named);
    }

    /// A receiver, opened by a name, of the messages that come in that way.
    public static <T> Receiver<T> receiver(Incoming way, Codec<T> codec, NamedEnd named) {
        return new Receiver<>(way, codec, new Origin(named));
    }

    /// The moment `timeout` from now.
    public static Deadline deadline(Duration timeout) {
        return Failures.deadline(timeout);
    }

    /// The public exception for an internal one about the end of that name.
    public static RuntimeException translate(Throwable failure, String name) {
        return Failures.translate(failure, name);
    }

    /// The public exception for an internal one.
    public static RuntimeException translate(Throwable failure) {
        return Failures.translate(failure);
    }

    /// Registers `closer` to run when `end` is forgotten, with a warning in the log, or at
    /// [Cleanable#clean].
    ///
    /// @param what the end is, for people
    /// @param isEnded whether there is nothing left to close; neither it nor `closer` has a
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

    /// Registers `closer` to run, without a warning, when an object is forgotten that has no end of
    /// its own.
    public static Cleanable whenForgotten(Object holder, Runnable closer) {
        return ForgottenEnds.register(holder, closer);
    }
}
