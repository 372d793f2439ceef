package dev.ipcchannel;

import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A record, component after component, each preceded by its length. The canonical constructor
/// makes the record, so what it checks is checked of every message received.
final class RecordCodec<T> implements Codec<T> {

    private final Constructor<T> constructor;
    private final Method[] accessors;
    private final List<Codec<Object>> codecs;

    private RecordCodec(Constructor<T> constructor, Method[] accessors,
            List<Codec<Object>> codecs) {
        this.constructor = constructor;
        this.accessors = accessors;
        this.codecs = codecs;
    }

    @SuppressWarnings("unchecked") // component i is only ever encoded and decoded by codec i
    static <T> Codec<T> of(Class<T> type, Codecs search, Map<TypeVariable<?>, Type> variables,
            String path) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] parameters =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Method[] accessors = new Method[components.length];
        List<Codec<Object>> codecs = new ArrayList<>(components.length);
        for (int i = 0; i < components.length; i++) {
            String component = path + "." + components[i].getName();
            accessors[i] = components[i].getAccessor();
            codecs.add((Codec<Object>) search.find(components[i].getGenericType(), variables,
                    component));
        }
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            Arrays.stream(accessors).forEach(accessor -> accessor.setAccessible(true));
            return new RecordCodec<>(constructor, accessors, codecs);
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError("a record has its canonical constructor", impossible);
        } catch (InaccessibleObjectException closed) {
            throw new IllegalArgumentException(
                    "a record cannot be read by ipc-channel: record=%s: add to its module-info: "
                            .formatted(type.getName())
                            + "opens %s to dev.ipcchannel;".formatted(type.getPackageName()),
                    closed);
        }
    }

    @Override
    public void encode(T message, Encoder out) {
        for (int i = 0; i < codecs.size(); i++) {
            try {
                Object value = accessors[i].invoke(message);
                if (value == null) {
                    throw new CodecFailed(
                            "a record's component is null: component=" + accessors[i].getName());
                }
                out.put(value, codecs.get(i));
            } catch (InvocationTargetException failure) {
                throw new CodecFailed(
                        "a record's component could not be read: component="
                                + accessors[i].getName(),
                        failure.getCause());
            } catch (IllegalAccessException impossible) { // access was granted before
                throw new LinkageError("a record's component could not be read: " + accessors[i],
                        impossible);
            }
        }
    }

    @Override
    public T decode(Decoder in) {
        Object[] values = new Object[codecs.size()];
        for (int i = 0; i < codecs.size(); i++) {
            values[i] = in.get(codecs.get(i));
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException failure) {
            throw new CodecFailed("a record refused its components: record="
                    + constructor.getDeclaringClass().getName()
                    + ", reason=" + failure.getCause(), failure.getCause());
        } catch (ReflectiveOperationException impossible) {
            // Access was granted before, and a record can be made.
            throw new LinkageError("a record could not be made: " + constructor, impossible);
        }
    }
}
