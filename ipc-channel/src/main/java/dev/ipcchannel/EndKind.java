package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A kind of things that travel in messages, by which [Decoder#get(EndKind)] takes one out. There
/// is one for each class of them: [Sender#kind], [Receiver#kind], [OpaqueSender#kind],
/// [OpaqueReceiver#kind], [SharedBytes#kind].
///
/// Encoders, decoders and codecs know of ends only what stands here: each class of them registers
/// its own family when it is initialised.
///
/// @param <E> the class of the things
public abstract class EndKind<E extends Transferable> {

    // Of the process, as classes are: it gets one entry for each class of ends, and loses none.
    private static final Map<Class<?>, Family> FAMILIES = new ConcurrentHashMap<>();

    EndKind() {}

    /// Makes one of what has arrived.
    ///
    /// @param words what its process has written of it
    /// @param arrived gets to know it, for the case that the message cannot be read
    abstract E take(Transfer words, ArrivedEnds arrived);

    /// A choice of the codec for the messages of an end.
    ///
    /// @param <T> the type of the messages
    @FunctionalInterface
    interface CodecChoice<T> {

        /// The codec for messages that the other side calls `messageType`.
        Codec<T> choose(String messageType);
    }

    /// The kinds of one class, which differ in the type of an end's messages.
    ///
    /// @param description what stands for the class in the description of a type
    /// @param moves whether an object of it has one place, and so leaves where it was
    /// @param maker of a kind, from the choice of a codec for the messages of an end, which one
    /// without a type does not ask for, and the place of an end in a message, for sentences
    record Family(String description, boolean moves,
            BiFunction<Supplier<CodecChoice<?>>, String, EndKind<?>> maker) {}

    /// Notes the family of a class.
    static void register(Class<? extends Transferable> type, Family family) {
        FAMILIES.put(type, family);
    }

    /// The family of a class, or null if its objects do not travel beside bytes.
    static @Nullable Family family(Class<?> type) {
        if (!Transferable.class.isAssignableFrom(type)) {
            return null;
        }
        try {
            MethodHandles.lookup().ensureInitialized(type); // which registers it
        } catch (IllegalAccessException impossible) {
            throw new AssertionError("a class of this package cannot be initialised", impossible);
        }
        return FAMILIES.get(type);
    }

    /// The codec that was given, whatever the other side calls its messages.
    static <T> CodecChoice<T> always(Codec<T> codec) {
        Argument.given(codec, "codec");
        return _ -> codec;
    }
}
