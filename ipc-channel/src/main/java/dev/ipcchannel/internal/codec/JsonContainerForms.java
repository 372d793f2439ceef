package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The JSON forms of lists, sets, maps, optionals and arrays.
final class JsonContainerForms {

    private JsonContainerForms() {}

    /// A list, a collection or a sequenced collection: an array.
    record OfList(JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            writeAll(element, (Collection<?>) value, out);
        }

        @Override
        public Object read(JsonSource in) {
            return Collections.unmodifiableList(readAll(element, in));
        }
    }

    private static void writeAll(JsonForm element, Collection<?> values, JsonSink out)
            throws IOException {
        int index = 0;
        out.beginArray();
        try {
            for (Object value : values) {
                element.write(BinaryForm.required(value), out);
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
        public void write(Object value, JsonSink out) throws IOException {
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
        public void write(Object value, JsonSink out) throws IOException {
            int length = primitive.length(value);
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
    record OfSet(JsonForm element, Keys.Kind kind) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            Set<?> set = (Set<?>) value;
            Keys keys = Keys.written(out.effort(), kind, set.size());
            out.beginArray();
            try {
                for (Object each : set) {
                    keys.begin(out.weight());
                    element.write(BinaryForm.required(each), out);
                    keys.add(each, out.weight());
                }
            } catch (CodecException failure) {
                throw failure.inside("[" + keys.count() + "]");
            }
            out.endArray();
            keys.settle(out.weight());
        }

        @Override
        public Object read(JsonSource in) {
            Keys keys = Keys.read(in.effort(), kind, Integer.MAX_VALUE);
            List<Object> values = new ArrayList<>();
            in.beginArray();
            try {
                while (in.hasNext()) {
                    keys.begin(in.weight());
                    Object value = element.read(in);
                    keys.add(value, in.weight());
                    values.add(value);
                }
            } catch (CodecException failure) {
                throw failure.inside("[" + values.size() + "]");
            }
            in.endArray();
            keys.settle(in.weight());
            return Keys.toSet(values.toArray());
        }
    }

    /// A map whose keys have texts: an object. Any other map: an array of arrays of key and value.
    record OfMap(JsonForm key, JsonForm element, Keys.Kind kind) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            Map<?, ?> map = (Map<?, ?>) value;
            Keys keys = Keys.written(out.effort(), kind, map.size());
            if (key instanceof JsonForm.Key named) {
                out.beginObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    writeMember(named, entry, keys, out);
                }
                out.endObject();
            } else {
                out.beginArray();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    writePair(entry, keys, out);
                }
                out.endArray();
            }
            keys.settle(out.weight());
        }

        private void writeMember(JsonForm.Key named, Map.Entry<?, ?> entry, Keys keys,
                JsonSink out) throws IOException {
            int index = keys.count();
            String part = ".key";
            try {
                Object name = BinaryForm.required(entry.getKey());
                keys.begin(out.weight());
                out.name(named.text(name));
                keys.add(name, out.weight());
                part = ".value";
                element.write(BinaryForm.required(entry.getValue()), out);
            } catch (CodecException failure) {
                throw failure.inside("[" + index + "]" + part);
            }
        }

        private void writePair(Map.Entry<?, ?> entry, Keys keys, JsonSink out) throws IOException {
            int index = keys.count();
            String part = ".key";
            try {
                Object name = BinaryForm.required(entry.getKey());
                out.beginArray();
                keys.begin(out.weight());
                key.write(name, out);
                keys.add(name, out.weight());
                part = ".value";
                element.write(BinaryForm.required(entry.getValue()), out);
                out.endArray();
            } catch (CodecException failure) {
                throw failure.inside("[" + index + "]" + part);
            }
        }

        @Override
        public Object read(JsonSource in) {
            Keys keys = Keys.read(in.effort(), kind, Integer.MAX_VALUE);
            List<Object> names = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            if (key instanceof JsonForm.Key named) {
                in.beginObject();
                while (in.hasNext()) {
                    readMember(named, keys, names, values, in);
                }
                in.endObject();
            } else {
                in.beginArray();
                while (in.hasNext()) {
                    readPair(keys, names, values, in);
                }
                in.endArray();
            }
            keys.settle(in.weight());
            return Keys.toMap(names.toArray(), values.toArray());
        }

        private void readMember(JsonForm.Key named, Keys keys, List<Object> names,
                List<Object> values, JsonSource in) {
            String part = ".key";
            try {
                keys.begin(in.weight());
                names.add(named.parse(in.name()));
                keys.add(names.getLast(), in.weight());
                part = ".value";
                values.add(element.read(in));
            } catch (CodecException failure) {
                throw failure.inside("[" + values.size() + "]" + part);
            }
        }

        private void readPair(Keys keys, List<Object> names, List<Object> values,
                JsonSource in) {
            String part = ".key";
            try {
                in.beginArray();
                keys.begin(in.weight());
                names.add(key.read(in));
                keys.add(names.getLast(), in.weight());
                part = ".value";
                values.add(element.read(in));
                in.endArray();
            } catch (CodecException failure) {
                throw failure.inside("[" + values.size() + "]" + part);
            }
        }
    }

    /// An optional: null, or the content, in an array if the content itself may be null.
    record OfOptional(Class<?> type, JsonForm element) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            Object content = Shape.OfOptional.content(value);
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
                return Shape.OfOptional.of(type, null);
            }
            if (!(element instanceof OfOptional)) {
                return Shape.OfOptional.of(type, element.read(in));
            }
            in.beginArray();
            Object content = element.read(in);
            in.endArray();
            return Shape.OfOptional.of(type, content);
        }
    }
}
