package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
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
    record OfList(BinaryForm element) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            encodeAll(element, (Collection<?>) value, sink);
        }

        @Override
        public Object decode(ByteSource source) {
            return Collections.unmodifiableList(
                    Arrays.asList(decodeAll(element, source.getCount(1), source)));
        }

        @Override
        public BinaryForm composed() {
            return new OfList(element.composed());
        }
    }

    private static void encodeAll(BinaryForm element, Collection<?> values, ByteSink sink) {
        int count = values.size();
        sink.putVarint(count);
        int index = 0;
        try {
            for (Object value : values) {
                element.encode(BinaryForm.required(value), sink);
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

    private static Object[] decodeAll(BinaryForm element, int count, ByteSource source) {
        Object[] values = new Object[Math.min(count, FIRST_ELEMENTS)];
        int index = 0;
        try {
            for (; index < count; index++) {
                values = withRoom(values, index, count);
                values[index] = element.decode(source);
            }
        } catch (CodecException failure) {
            throw failure.inside("[" + index + "]");
        }
        return values;
    }

    /// Makes room only for elements that have come: in a hostile message each of many enclosing
    /// lists could claim all the bytes that are left.
    private static Object[] withRoom(Object[] values, int index, int count) {
        return index < values.length ? values
                : Arrays.copyOf(values, (int) Math.min(count, 2L * index));
    }

    /// An array of objects.
    ///
    /// @param empty an array without elements, of the right class
    @SuppressWarnings("ArrayRecordComponent") // never compared, and cannot change
    record OfArray(Object[] empty, BinaryForm element) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            encodeAll(element, Arrays.asList((Object[]) value), sink);
        }

        @Override
        public Object decode(ByteSource source) {
            Object[] values = decodeAll(element, source.getCount(1), source);
            return Arrays.copyOf(values, values.length, empty.getClass());
        }

        @Override
        public BinaryForm composed() {
            return new OfArray(empty, element.composed());
        }
    }

    /// A set.
    record OfSet(BinaryForm element, Keys.Kind kind) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            Set<?> set = (Set<?>) value;
            if (Keys.areFree(sink.effort(), kind, set.size())) {
                encodeAll(element, set, sink);
            } else {
                encodeCounted(set, sink);
            }
        }

        private void encodeCounted(Set<?> set, ByteSink sink) {
            int count = set.size();
            sink.putVarint(count);
            Keys keys = Keys.written(sink.effort(), kind, count);
            try {
                for (Object value : set) {
                    keys.begin(sink.length());
                    element.encode(BinaryForm.required(value), sink);
                    keys.add(value, sink.length());
                }
            } catch (CodecException failure) {
                throw failure.inside("[" + keys.count() + "]");
            }
            checkUnchanged(keys.count(), count);
            keys.settle(sink.length());
        }

        @Override
        public Object decode(ByteSource source) {
            int count = source.getCount(1);
            return Keys.areFree(source.effort(), kind, count)
                    ? decodeFree(count, source)
                    : decodeCounted(count, source);
        }

        private Object decodeFree(int count, ByteSource source) {
            Set<Object> values = new LinkedHashSet<>();
            for (int i = 0; i < count; i++) {
                try {
                    if (!values.add(element.decode(source))) {
                        throw Keys.twiceInSet();
                    }
                } catch (CodecException failure) {
                    throw failure.inside("[" + i + "]");
                }
            }
            return Collections.unmodifiableSet(values);
        }

        private Object decodeCounted(int count, ByteSource source) {
            Keys keys = Keys.read(source.effort(), kind, count);
            Object[] values = new Object[Math.min(count, FIRST_ELEMENTS)];
            int index = 0;
            try {
                for (; index < count; index++) {
                    values = withRoom(values, index, count);
                    keys.begin(source.consumed());
                    values[index] = element.decode(source);
                    keys.add(values[index], source.consumed());
                }
            } catch (CodecException failure) {
                throw failure.inside("[" + index + "]");
            }
            keys.settle(source.consumed());
            return Keys.toSet(values);
        }

        @Override
        public BinaryForm composed() {
            return new OfSet(element.composed(), kind);
        }
    }

    /// A map: each key before its value.
    record OfMap(BinaryForm key, BinaryForm element, Keys.Kind kind) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            Map<?, ?> map = (Map<?, ?>) value;
            int count = map.size();
            sink.putVarint(count);
            Keys keys = Keys.written(sink.effort(), kind, count);
            int index = 0;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String part = ".key";
                try {
                    Object name = BinaryForm.required(entry.getKey());
                    keys.begin(sink.length());
                    key.encode(name, sink);
                    keys.add(name, sink.length());
                    part = ".value";
                    element.encode(BinaryForm.required(entry.getValue()), sink);
                } catch (CodecException failure) {
                    throw failure.inside("[" + index + "]" + part);
                }
                index++;
            }
            checkUnchanged(index, count);
            keys.settle(sink.length());
        }

        @Override
        public Object decode(ByteSource source) {
            int count = source.getCount(2);
            return Keys.areFree(source.effort(), kind, count)
                    ? decodeFree(count, source)
                    : decodeCounted(count, source);
        }

        private Object decodeFree(int count, ByteSource source) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String part = ".key";
                try {
                    Object name = key.decode(source);
                    if (map.containsKey(name)) {
                        throw Keys.twiceInMap();
                    }
                    part = ".value";
                    map.put(name, element.decode(source));
                } catch (CodecException failure) {
                    throw failure.inside("[" + i + "]" + part);
                }
            }
            return Collections.unmodifiableMap(map);
        }

        private Object decodeCounted(int count, ByteSource source) {
            Keys keys = Keys.read(source.effort(), kind, count);
            Object[] names = new Object[Math.min(count, FIRST_ELEMENTS)];
            Object[] values = names.clone();
            for (int i = 0; i < count; i++) {
                String part = ".key";
                try {
                    names = withRoom(names, i, count);
                    keys.begin(source.consumed());
                    names[i] = key.decode(source);
                    keys.add(names[i], source.consumed());
                    part = ".value";
                    values = withRoom(values, i, count);
                    values[i] = element.decode(source);
                } catch (CodecException failure) {
                    throw failure.inside("[" + i + "]" + part);
                }
            }
            keys.settle(source.consumed());
            return Keys.toMap(names, values);
        }

        @Override
        public BinaryForm composed() {
            return new OfMap(key.composed(), element.composed(), kind);
        }
    }

    /// An optional: 0, or 1 and the content.
    record OfOptional(Class<?> type, BinaryForm element) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            Object content = Shape.OfOptional.content(value);
            sink.putBoolean(content != null);
            if (content != null) {
                element.encode(content, sink);
            }
        }

        @Override
        public Object decode(ByteSource source) {
            return Shape.OfOptional.of(type, source.getBoolean() ? element.decode(source) : null);
        }

        @Override
        public BinaryForm composed() {
            return new OfOptional(type, element.composed());
        }
    }
}
