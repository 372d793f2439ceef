package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A kind of [Transferable] objects, for [Decoder#get(EndKind)]. Each class has its own:
/// [Sender#kind], [Receiver#kind], [OpaqueSender#kind], [OpaqueReceiver#kind], [SharedBytes#kind].
///
/// Encoders, decoders and codecs know ends only through this class: each class of ends registers
/// its family when it is initialised.
///
/// @param <E> the class of the objects
public abstract class EndKind<E extends Transferable> {

    // Static, as classes are: one entry for each class of ends, never removed.
    private static final Map<Class<?>, Family> FAMILIES = new ConcurrentHashMap<>();

    EndKind() {}

    /// Makes an object from a transfer that has arrived.
    ///
    /// @param words written by the sending process
    /// @param arrived gets the object, to close it if the message cannot be read
    abstract E take(Transfer words, ArrivedEnds arrived);

    /// A function that chooses the codec for the messages of an end.
    ///
    /// @param <T> the type of the messages
    @FunctionalInterface
    interface CodecChoice<T> {

        /// The codec for messages that the other side describes as `messageType`.
        Codec<T> choose(String messageType);
    }

    /// A family: the kinds of one class, which differ in the type of an end's messages.
    ///
    /// @param description the name of the class in the description of a type
    /// @param moves whether an object of the class leaves its process when it is sent
    /// @param maker of a kind, from the choice of a codec for the messages of an end (not used for
    /// ends without a type), and from the end's place in a message, for error texts
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

    /// A choice that is always `codec`.
    static <T> CodecChoice<T> always(Codec<T> codec) {
        Argument.given(codec, "codec");
        return _ -> codec;
    }
}
