package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.value.CodecException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON forms of records and sealed interfaces, and of references to enclosing ones.
final class JsonCompositeForms {

    private JsonCompositeForms() {}

    /// A record: an object with a member for each component, in any order when read.
    static final class OfRecord implements JsonForm {

        private final Shape.OfRecord shape;
        private final List<JsonForm> components;
        private final Map<String, Integer> indices = new HashMap<>();

        OfRecord(Shape.OfRecord shape, List<JsonForm> components) {
            this.shape = shape;
            this.components = components;
            for (int i = 0; i < components.size(); i++) {
                indices.put(shape.components().get(i).name(), i);
            }
        }

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.beginObject();
            writeMembers(value, out);
            out.endObject();
        }

        @Override
        public void writeMembers(Object value, JsonSink out) throws IOException {
            Object _ = shape.type().cast(value); // there may be no accessor to refuse another class
            for (int i = 0; i < components.size(); i++) {
                out.name(shape.components().get(i).name());
                try {
                    components.get(i).write(shape.access().component(i, value), out);
                } catch (CodecException failure) {
                    throw failure.inside(shape.step(i));
                }
            }
        }

        @Override
        public Object read(JsonSource in) {
            in.beginObject();
            Object value = readMembers(in);
            in.endObject();
            return value;
        }

        @Override
        public Object readMembers(JsonSource in) {
            @Nullable
            Object[] values = new @Nullable Object[components.size()];
            while (in.hasNext()) {
                int index = index(in.name());
                try {
                    if (values[index] != null) {
                        throw new CodecException("is there twice");
                    }
                    values[index] = components.get(index).read(in);
                } catch (CodecException failure) {
                    throw failure.inside(shape.step(index));
                }
            }
            return shape.access().record(complete(values));
        }

        private int index(String name) {
            Integer index = indices.get(name);
            if (index == null) {
                throw new CodecException(
                        "has a component that its type lacks: name=" + Printable.quoted(name));
            }
            return index;
        }

        private Object[] complete(@Nullable Object[] values) {
            Object[] complete = new Object[values.length];
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                if (value == null) {
                    throw new CodecException("is missing").inside(shape.step(i));
                }
                complete[i] = value;
            }
            return complete;
        }
    }

    /// A sealed interface: an object whose first member names the case.
    record OfSealed(Shape.OfSealed shape, List<JsonForm> forms) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            int index = shape.caseOf(value);
            out.beginObject();
            out.name(TYPE);
            out.string(shape.cases().get(index).name());
            forms.get(index).writeMembers(value, out);
            out.endObject();
        }

        @Override
        public Object read(JsonSource in) {
            in.beginObject();
            in.expectName(TYPE);
            Object value = forms.get(index(in.string())).readMembers(in);
            in.endObject();
            return value;
        }

        private int index(String name) {
            for (int i = 0; i < forms.size(); i++) {
                if (shape.cases().get(i).name().equals(name)) {
                    return i;
                }
            }
            throw new CodecException("is no case: name=" + Printable.quoted(name));
        }
    }

    /// A type inside itself: the form of the enclosing type, one level deeper.
    record OfReference(BinaryForm.Target<JsonForm> target, int levels) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.depth().enter(levels);
            target.form().write(value, out);
            out.depth().leave(levels);
        }

        @Override
        public Object read(JsonSource in) {
            in.depth().enter(levels);
            Object value = target.form().read(in);
            in.depth().leave(levels);
            return value;
        }

        @Override
        public void writeMembers(Object value, JsonSink out) throws IOException {
            out.depth().enter(levels);
            target.form().writeMembers(value, out);
            out.depth().leave(levels);
        }

        @Override
        public Object readMembers(JsonSource in) {
            in.depth().enter(levels);
            Object value = target.form().readMembers(in);
            in.depth().leave(levels);
            return value;
        }
    }
}
