package dev.ipcchannel.internal.codec;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The binary forms of lists, sets, maps, optionals and arrays: the number of elements as a varint,
/// and the elements.
final class ContainerForms {

    private static final int FIRST_ELEMENTS = 64;

    private ContainerForms() {}

    /// A list, a collection or a sequenced collection.
    record OfList(Form element) implements Form {

        @Override
        public void encode(Object value, ByteSink sink) {
            encodeAll(element, (Collection<?>) value, sink);
        }

        @Override
        public Object decode(ByteSource source) {
            return Collections.unmodifiableList(Arrays.asList(decodeAll(element, source)));
        }

        @Override
        public Form composed() {
            return new OfList(element.composed());
        }
    }

    private static void encodeAll(Form element, Collection<?> values, ByteSink sink) {
        int count = values.size();
        sink.putVarint(count);
        int index = 0;
        try {
            for (Object value : values) {
                element.encode(Form.required(value), sink);
                index++;
            }
        } catch (CodecException failure) {
            throw failure.inside("[" + index + "]");
        }
        checkUnchanged(index, count);
    }

    private static void checkUnchanged(int written, int count) {
        if (written != count) {
            throw new CodecException("was changed while it was written: before=%d, after=%d"
                    .formatted(count, written));
        }
    }

    /// Makes room only for what has come: in a hostile message each of many enclosing lists could
    /// claim all bytes that are left.
    private static Object[] decodeAll(Form element, ByteSource source) {
        int count = source.getCount(1);
        Object[] values = new Object[Math.min(count, FIRST_ELEMENTS)];
        int index = 0;
        try {
            for (; index < count; index++) {
                if (index == values.length) {
                    values = Arrays.copyOf(values, (int) Math.min(count, 2L * index));
                }
                values[index] = element.decode(source);
            }
        } catch (CodecException failure) {
            throw failure.inside("[" + index + "]");
        }
        return values;
    }

    /// An array of objects.
    ///
    /// @param empty an array without elements, of the right class
    @SuppressWarnings("ArrayRecordComponent") // never compared, and cannot change
    record OfArray(Object[] empty, Form element) implements Form {

        @Override
        public void encode(Object value, ByteSink sink) {
            encodeAll(element, Arrays.asList((Object[]) value), sink);
        }

        @Override
        public Object decode(ByteSource source) {
            Object[] values = decodeAll(element, source);
            return Arrays.copyOf(values, values.length, empty.getClass());
        }

        @Override
        public Form composed() {
            return new OfArray(empty, element.composed());
        }
    }

    /// A set.
    record OfSet(Form element) implements Form {

        @Override
        public void encode(Object value, ByteSink sink) {
            encodeAll(element, (Set<?>) value, sink);
        }

        @Override
        public Object decode(ByteSource source) {
            int count = source.getCount(1);
            Set<Object> values = new LinkedHashSet<>();
            for (int i = 0; i < count; i++) {
                try {
                    if (!values.add(element.decode(source))) {
                        throw new CodecException("is in the set already");
                    }
                } catch (CodecException failure) {
                    throw failure.inside("[" + i + "]");
                }
            }
            return Collections.unmodifiableSet(values);
        }

        @Override
        public Form composed() {
            return new OfSet(element.composed());
        }
    }

    /// A map: each key before its value.
    record OfMap(Form key, Form element) implements Form {

        @Override
        public void encode(Object value, ByteSink sink) {
            Map<?, ?> map = (Map<?, ?>) value;
            int count = map.size();
            sink.putVarint(count);
            int index = 0;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String part = ".key";
                try {
                    key.encode(Form.required(entry.getKey()), sink);
                    part = ".value";
                    element.encode(Form.required(entry.getValue()), sink);
                } catch (CodecException failure) {
                    throw failure.inside("[" + index + "]" + part);
                }
                index++;
            }
            checkUnchanged(index, count);
        }

        @Override
        public Object decode(ByteSource source) {
            int count = source.getCount(2);
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String part = ".key";
                try {
                    Object name = key.decode(source);
                    if (map.containsKey(name)) {
                        throw new CodecException("is in the map already");
                    }
                    part = ".value";
                    map.put(name, element.decode(source));
                } catch (CodecException failure) {
                    throw failure.inside("[" + i + "]" + part);
                }
            }
            return Collections.unmodifiableMap(map);
        }

        @Override
        public Form composed() {
            return new OfMap(key.composed(), element.composed());
        }
    }

    /// An optional: 0, or 1 and what it holds.
    record OfOptional(Class<?> type, Form element) implements Form {

        @Override
        public void encode(Object value, ByteSink sink) {
            Object content = Optionals.content(value);
            sink.putBoolean(content != null);
            if (content != null) {
                element.encode(content, sink);
            }
        }

        @Override
        public Object decode(ByteSource source) {
            return Optionals.of(type, source.getBoolean() ? element.decode(source) : null);
        }

        @Override
        public Form composed() {
            return new OfOptional(type, element.composed());
        }
    }
}
