package dev.ipcchannel.internal.codec;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The JSON forms of lists, sets, maps, optionals and arrays.
final class JsonContainerForms {

    private JsonContainerForms() {}

    /// A list, a collection or a sequenced collection: an array.
    record OfList(JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            writeAll(element, (Collection<?>) value, out);
        }

        @Override
        public Object read(JsonSource in) {
            return Collections.unmodifiableList(readAll(element, in));
        }
    }

    private static void writeAll(JsonForm element, Collection<?> values, JsonSink out) {
        int index = 0;
        out.beginArray();
        try {
            for (Object value : values) {
                element.write(Form.required(value), out);
                index++;
            }
        } catch (CodecException failure) {
            throw failure.inside("[" + index + "]");
        }
        out.endArray();
    }

    private static List<Object> readAll(JsonForm element, JsonSource in) {
        List<Object> values = new ArrayList<>();
        in.beginArray();
        try {
            while (in.hasNext()) {
                values.add(element.read(in));
            }
        } catch (CodecException failure) {
            throw failure.inside("[" + values.size() + "]");
        }
        in.endArray();
        return values;
    }

    /// An array of objects: an array.
    @SuppressWarnings("ArrayRecordComponent") // never compared, and cannot change
    record OfArray(Object[] empty, JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            writeAll(element, Arrays.asList((Object[]) value), out);
        }

        @Override
        public Object read(JsonSource in) {
            return readAll(element, in).toArray(empty);
        }
    }

    /// An array of primitives: an array.
    record OfPrimitives(Primitive primitive, JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            int length = Primitives.length(primitive, value);
            out.beginArray();
            for (int i = 0; i < length; i++) {
                element.write(Array.get(value, i), out);
            }
            out.endArray();
        }

        @Override
        public Object read(JsonSource in) {
            List<Object> read = readAll(element, in);
            Object values = Array.newInstance(primitive.type(), read.size());
            for (int i = 0; i < read.size(); i++) {
                Array.set(values, i, read.get(i));
            }
            return values;
        }
    }

    /// A set: an array.
    record OfSet(JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            writeAll(element, (Set<?>) value, out);
        }

        @Override
        public Object read(JsonSource in) {
            Set<Object> values = new LinkedHashSet<>();
            in.beginArray();
            int index = 0;
            for (; in.hasNext(); index++) {
                try {
                    if (!values.add(element.read(in))) {
                        throw new CodecException("is in the set already");
                    }
                } catch (CodecException failure) {
                    throw failure.inside("[" + index + "]");
                }
            }
            in.endArray();
            return Collections.unmodifiableSet(values);
        }
    }

    /// A map whose keys have texts: an object. Any other: an array of arrays of key and value.
    record OfMap(JsonForm key, JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            boolean isObject = key instanceof JsonForm.Key;
            begin(out, isObject);
            int index = 0;
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                writeEntry(entry, index++, out);
            }
            if (isObject) {
                out.endObject();
            } else {
                out.endArray();
            }
        }

        private static void begin(JsonSink out, boolean isObject) {
            if (isObject) {
                out.beginObject();
            } else {
                out.beginArray();
            }
        }

        private void writeEntry(Map.Entry<?, ?> entry, int index, JsonSink out) {
            String part = ".key";
            try {
                Object name = Form.required(entry.getKey());
                if (key instanceof JsonForm.Key named) {
                    out.name(named.text(name));
                } else {
                    out.beginArray();
                    key.write(name, out);
                }
                part = ".value";
                element.write(Form.required(entry.getValue()), out);
                if (!(key instanceof JsonForm.Key)) {
                    out.endArray();
                }
            } catch (CodecException failure) {
                throw failure.inside("[" + index + "]" + part);
            }
        }

        @Override
        public Object read(JsonSource in) {
            Map<Object, Object> map = new LinkedHashMap<>();
            if (key instanceof JsonForm.Key named) {
                in.beginObject();
                while (in.hasNext()) {
                    readMember(named, map, in);
                }
                in.endObject();
            } else {
                in.beginArray();
                while (in.hasNext()) {
                    readPair(map, in);
                }
                in.endArray();
            }
            return Collections.unmodifiableMap(map);
        }

        private void readMember(JsonForm.Key named, Map<Object, Object> map, JsonSource in) {
            String part = ".key";
            int index = map.size();
            try {
                Object name = fresh(named.parse(in.name()), map);
                part = ".value";
                map.put(name, element.read(in));
            } catch (CodecException failure) {
                throw failure.inside("[" + index + "]" + part);
            }
        }

        private void readPair(Map<Object, Object> map, JsonSource in) {
            String part = ".key";
            int index = map.size();
            try {
                in.beginArray();
                Object name = fresh(key.read(in), map);
                part = ".value";
                map.put(name, element.read(in));
                in.endArray();
            } catch (CodecException failure) {
                throw failure.inside("[" + index + "]" + part);
            }
        }

        private static Object fresh(Object name, Map<Object, Object> map) {
            if (map.containsKey(name)) {
                throw new CodecException("is in the map already");
            }
            return name;
        }
    }

    /// An optional: null, or what it holds, which is put into an array if it may be null by itself.
    record OfOptional(Class<?> type, JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            Object content = Optionals.content(value);
            if (content == null) {
                out.literal("null");
            } else if (element instanceof OfOptional) {
                out.beginArray();
                element.write(content, out);
                out.endArray();
            } else {
                element.write(content, out);
            }
        }

        @Override
        public Object read(JsonSource in) {
            if (in.takeNull()) {
                return Optionals.of(type, null);
            }
            if (!(element instanceof OfOptional)) {
                return Optionals.of(type, element.read(in));
            }
            in.beginArray();
            Object content = element.read(in);
            in.endArray();
            return Optionals.of(type, content);
        }
    }
}
