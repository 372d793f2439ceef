package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.codec.EndType;
import dev.ipcchannel.internal.codec.TypePlan;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A search for the library's codec for a type, and for the types of the channels whose ends are
/// inside that type.
///
/// A type may contain an end of a channel for the same type, so a search knows each codec by its
/// type while it is still being made.
final class Codecs {

    private static final String JSON = "json:"; // the start of each description of JSON

    private final MethodHandles.@Nullable Lookup lookup;
    private final Map<Type, Later<?>> begun = new HashMap<>();

    private Codecs(MethodHandles.@Nullable Lookup lookup) {
        this.lookup = lookup;
    }

    /// The binary codec for a type; strings and byte arrays go as they are.
    static <T> Codec<T> binary(Type type, MethodHandles.@Nullable Lookup lookup) {
        Argument.given(type, "type");
        return new Codecs(lookup).find(type);
    }

    /// The JSON codec for a type.
    static <T> Codec<T> json(Type type, MethodHandles.@Nullable Lookup lookup) {
        Argument.given(type, "type");
        return new Codecs(lookup).made(ends -> TypePlan.json(type, ends, lookup));
    }

    /// The type of a codec made by the library, as a person writes it; empty if its description
    /// says enough, or if the codec is not the library's.
    static String name(Codec<?> codec) {
        return switch (codec) {
            case KnownCodec.OfPlan<?> known -> known.plan().name();
            case Later<?> later -> name(later.codec());
            default -> "";
        };
    }

    @SuppressWarnings("unchecked") // the codec found for a type is for its values
    private <T> Codec<T> find(Type type) {
        if (type == String.class) {
            return (Codec<T>) Codec.utf8();
        }
        if (type == byte[].class) {
            return (Codec<T>) Codec.bytes();
        }
        Later<?> former = begun.get(type);
        if (former != null) {
            return (Codec<T>) former;
        }
        Later<T> later = new Later<>();
        begun.put(type, later);
        Codec<T> found = made(ends -> TypePlan.binary(type, ends, lookup));
        later.codec = found;
        return found;
    }

    private <T> Codec<T> made(Function<EndType.Search, TypePlan<T>> search) {
        AtomicBoolean hasEnds = new AtomicBoolean();
        AtomicReference<String> movingEnd = new AtomicReference<>("");
        TypePlan<T> plan = search.apply((raw, resolved, path) -> {
            KnownEnd end = end(raw, resolved, path);
            hasEnds.compareAndSet(false, end != null);
            if (end != null && end.family().moves()) {
                movingEnd.compareAndSet("", path);
            }
            return end;
        });
        return new KnownCodec.OfPlan<>(plan, hasEnds.get(), movingEnd.get());
    }

    private @Nullable KnownEnd end(Class<?> raw, Type resolved, String path) {
        EndKind.Family family = EndKind.family(raw);
        if (family == null) {
            return null;
        }
        return new KnownEnd(raw, family,
                family.maker().apply(() -> choice(argument(raw, resolved, path)), path));
    }

    private static Type argument(Class<?> raw, Type resolved, String path) {
        if (resolved instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[0];
        }
        throw new IllegalArgumentException(
                ("an end inside a message needs the type of its messages: in=%s: write %s<String>,"
                        + " for")
                        .formatted(path, raw.getSimpleName())
                        + " instance, or Opaque" + raw.getSimpleName());
    }

    /// A type of ends.
    ///
    /// @param raw the class
    /// @param family of the class
    /// @param kind of the type
    record KnownEnd(Class<?> raw, EndKind.Family family, EndKind<?> kind) implements EndType {

        @Override
        public String description() {
            return family.description();
        }
    }

    /// The choice of the codec for the messages of an end: the format that the other side says it
    /// uses.
    private <T> EndKind.CodecChoice<T> choice(Type type) {
        Codec<T> binary = find(type);
        MethodHandles.Lookup own = lookup;
        return messageType -> {
            if (messageType.startsWith(JSON)) {
                return json(type, own);
            }
            return binary instanceof Later<T> later ? later.codec() : binary; // made by now
        };
    }

    /// A stand-in for a codec that is being made.
    private static final class Later<T> implements Codec<T> {

        private @Nullable Codec<T> codec; // set before the search is over

        private Codec<T> codec() {
            Codec<T> made = codec;
            if (made == null) {
                throw new IllegalStateException("a codec is used while it is being made");
            }
            return made;
        }

        @Override
        public void encode(T message, Encoder out) {
            codec().encode(message, out);
        }

        @Override
        public T decode(Decoder in) {
            return codec().decode(in);
        }

        @Override
        public @Nullable MessageHead head(Decoder in) {
            return codec().head(in);
        }

        @Override
        public String description() {
            return codec().description();
        }
    }
}
