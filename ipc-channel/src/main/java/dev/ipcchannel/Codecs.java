package dev.ipcchannel;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The search for the codec of a type, through the components of records.
final class Codecs {

    private final Set<Class<?>> open = new HashSet<>(); // records that the search is inside of

    private Codecs() {}

    @SuppressWarnings("unchecked") // the codec found for a class is for its values
    static <T> Codec<T> of(Class<T> type) {
        return (Codec<T>) new Codecs().find(type, Map.of(), type.getTypeName());
    }

    /// @param variables what the type variables in `type` stand for
    /// @param path how the type was reached, for messages
    Codec<?> find(Type type, Map<TypeVariable<?>, Type> variables, String path) {
        return switch (type) {
            case TypeVariable<?> variable when variables.containsKey(variable) ->
                    find(variables.get(variable), Map.of(), path);
            case Class<?> plain when plain == String.class -> Codec.utf8();
            case Class<?> plain when plain == byte[].class -> Codec.bytes();
            case Class<?> plain when plain.isRecord() -> record(plain, Map.of(), path);
            case ParameterizedType generic when generic.getRawType() == Sender.class ->
                    new SenderCodec<>(find(argument(generic, variables), Map.of(), path));
            case ParameterizedType generic when generic.getRawType() == Receiver.class ->
                    new ReceiverCodec<>(find(argument(generic, variables), Map.of(), path));
            case ParameterizedType generic when generic.getRawType() instanceof Class<?> raw
                    && raw.isRecord() ->
                    record(raw, bind(raw, generic, variables), path);
            default -> throw new IllegalArgumentException(
                    "no codec for a type: type=%s, in=%s: use String, byte[], "
                            .formatted(type.getTypeName(), path)
                            + "a record of these and of Sender<...> and Receiver<...>, "
                            + "or pass a Codec of your own");
        };
    }

    private Codec<?> record(Class<?> type, Map<TypeVariable<?>, Type> variables, String path) {
        if (!open.add(type)) {
            throw new IllegalArgumentException(
                    "no codec for a record inside itself: record=%s, in=%s"
                            .formatted(type.getName(), path));
        }
        try {
            return RecordCodec.of(type, this, variables, path);
        } finally {
            open.remove(type);
        }
    }

    private static Type argument(ParameterizedType generic, Map<TypeVariable<?>, Type> variables) {
        Type argument = generic.getActualTypeArguments()[0];
        return argument instanceof TypeVariable<?> variable
                ? variables.getOrDefault(variable, argument) : argument;
    }

    private static Map<TypeVariable<?>, Type> bind(Class<?> raw, ParameterizedType generic,
            Map<TypeVariable<?>, Type> outer) {
        Map<TypeVariable<?>, Type> bound = new HashMap<>();
        Type[] arguments = generic.getActualTypeArguments();
        TypeVariable<?>[] names = raw.getTypeParameters();
        for (int i = 0; i < names.length; i++) {
            Type argument = arguments[i];
            bound.put(names[i], argument instanceof TypeVariable<?> v
                    ? outer.getOrDefault(v, argument) : argument);
        }
        return bound;
    }

    /// A sender inside a message.
    private record SenderCodec<T>(Codec<T> messages) implements Codec<Sender<T>> {

        @Override
        public void encode(Sender<T> message, Encoder out) {
            out.putSender(message);
        }

        @Override
        public Sender<T> decode(Decoder in) {
            return in.getSender(messages);
        }
    }

    /// A receiver inside a message.
    private record ReceiverCodec<T>(Codec<T> messages) implements Codec<Receiver<T>> {

        @Override
        public void encode(Receiver<T> message, Encoder out) {
            out.putReceiver(message);
        }

        @Override
        public Receiver<T> decode(Decoder in) {
            return in.getReceiver(messages);
        }
    }
}
