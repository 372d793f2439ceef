package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A translator between one message and its bytes. It turns what a codec throws into a
/// [CodecFailed], and closes the ends in a message that is dropped.
final class MessageBytes {

    private static final String UNWRITABLE = "a message could not be turned into bytes";

    private MessageBytes() {}

    /// Has `codec` put a message into `out`, for a channel.
    static <T> void encode(T message, Codec<T> codec, Encoder out) {
        encode(message, codec, out, length -> Failures.tooLong(length, LaneSettings.MAX_MESSAGE,
                String.valueOf(codec)));
    }

    /// @param tooLong the failure for a message of so many bytes, more than a message can have
    private static <T> void encode(T message, Codec<T> codec, Encoder out,
            LongFunction<MessageTooLarge> tooLong) {
        try {
            codec.encode(message, out);
        } catch (OutOfMemoryError failure) {
            throw Failures.outOfMemory(
                    "a message is not sent, since the heap has no room for its bytes", failure);
        } catch (ClassCastException failure) {
            throw failed(UNWRITABLE, Objects.requireNonNullElse(misfit(message, codec), failure));
        } catch (CodecException failure) {
            throw failure.tooLong() > 0 ? tooLong.apply(failure.tooLong())
                    : failed(UNWRITABLE, failure);
        } catch (RuntimeException | Error failure) {
            throw failed(UNWRITABLE, failure);
        }
    }

    /// The failure for a message of a wrong class, let in by raw types and unchecked casts, if the
    /// codec is for one class only; else null. The other codecs throw their own.
    private static @Nullable CodecException misfit(Object message, Codec<?> codec) {
        Class<?> type = codec instanceof KnownCodec<?> known ? known.raw() : Object.class;
        return type.isInstance(message) ? null : CodecException.misfit(type, message);
    }

    /// The bytes of a message that has no ends in it.
    static <T> byte[] encode(T message, Codec<T> codec) {
        Argument.given(message, "message");
        Encoder encoder = new Encoder();
        try {
            encodeAlone(message, codec, encoder);
            return encoder.sink().toByteArray();
        } catch (OutOfMemoryError failure) {
            throw Failures.outOfMemory("the heap has no room for the bytes of a message", failure);
        } finally {
            encoder.reset();
        }
    }

    /// Has `codec` put a message that has no ends in it into the empty `out`.
    static <T> void encodeAlone(T message, Codec<T> codec, Encoder out) {
        encode(message, codec, out, MessageBytes::tooLong);
        if (out.length() > LaneSettings.MAX_MESSAGE) {
            throw tooLong(out.length());
        }
        if (out.hasMoving()) {
            throw new CodecFailed("a message with ends of channels or shared bytes in it goes"
                    + " through channels only: message=" + message.getClass().getName());
        }
    }

    /// The message that these bytes are.
    static <T> T decode(byte[] bytes, Codec<T> codec) {
        return decodeAlone(new Decoder().start(bytes, bytes.length, List.of(), null), codec);
    }

    /// The message that `in` was started on. It has no ends in it.
    static <T> T decodeAlone(Decoder in, Codec<T> codec) {
        int length = in.remaining();
        try {
            return decode(in, codec);
        } catch (OutOfMemoryError failure) {
            throw Failures.outOfMemory("a message could not be read, since the heap has no room"
                    + " for what it says: length=" + length, failure).of(head(in, codec));
        }
    }

    /// Has `codec` read the whole message that `in` was started on. An `OutOfMemoryError` is left
    /// to the caller, which knows what happens to the message.
    static <T> T decode(Decoder in, Codec<T> codec) {
        boolean isDecoded = false;
        try {
            T message = codec.decode(in);
            in.checkComplete();
            isDecoded = true;
            return message;
        } catch (OutOfMemoryError failure) {
            throw failure;
        } catch (PosixException failure) {
            throw ((IpcException) Failures.translate(failure)).of(head(in, codec));
        } catch (RuntimeException | Error failure) {
            throw failed("a message could not be read", failure).of(head(in, codec));
        } finally {
            in.close(isDecoded);
        }
    }

    /// Closes, at once, the ends in a message that is dropped. To find them, the codec encodes the
    /// message once more.
    ///
    /// @param isBytesToo whether shared bytes in it are closed as well
    static <T> void closeEnds(T message, Codec<T> codec, boolean isBytesToo) {
        if (hasNone(codec)) {
            return;
        }
        List<AutoCloseable> ends = new ArrayList<>(0);
        try {
            codec.encode(message, new Encoder(ends, isBytesToo));
        } catch (RuntimeException | Error failure) { // the ends found before the failure are known
            Log.warning("a message is dropped, and its codec cannot say which ends are in it: they"
                    + " are closed when they are found to be forgotten", failure);
        }
        for (AutoCloseable end : ends) {
            try {
                end.close();
            } catch (Exception failure) { // the other ends are to be closed as well
                Log.warning("an end in a message that is dropped could not be closed", failure);
            }
        }
    }

    private static boolean hasNone(Codec<?> codec) {
        return codec instanceof KnownCodec<?> known && !known.mayHaveEnds();
    }

    /// The head of the message that `codec` could not read; null if there is none.
    static @Nullable MessageHead head(Decoder in, Codec<?> codec) {
        try {
            return codec.head(in.again());
        } catch (RuntimeException | Error _) { // the failure before it is the one to report
            return null;
        }
    }

    /// The failure for a message of more bytes than a message can have, outside of channels.
    private static MessageTooLarge tooLong(long length) {
        return new MessageTooLarge(
                ("a message has more bytes than one can have: length=%d, limit=%d: send it as"
                        + " several messages").formatted(length, LaneSettings.MAX_MESSAGE));
    }

    /// The failure of one message, from what its codec has thrown: errors as well, such as a class
    /// that cannot be loaded, or a stack overflow.
    private static IpcException failed(String what, Throwable failure) {
        return switch (failure) {
            case IpcException known -> known;
            case CodecException known when known.getCause() instanceof EndClosed closed ->
                    new EndClosed(String.valueOf(known.getMessage()), closed.getCause());
            case CodecException known ->
                    new CodecFailed(String.valueOf(known.getMessage()), known.getCause());
            // The exception's text may quote the message.
            case RuntimeException other -> new CodecFailed(what + ": "
                    + Printable.of(String.valueOf(Printable.message(other))), other);
            default -> new CodecFailed(what + ": " + Printable.of(failure), failure);
        };
    }
}
