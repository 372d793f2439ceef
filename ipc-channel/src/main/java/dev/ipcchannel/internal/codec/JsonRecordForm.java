package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON form of a record: an object with each component by its name, in any order when read.
final class JsonRecordForm implements JsonForm {

    private final Shape.OfRecord shape;
    private final List<JsonForm> components;
    private final Map<String, Integer> indices = new HashMap<>();

    JsonRecordForm(Shape.OfRecord shape, List<JsonForm> components) {
        this.shape = shape;
        this.components = components;
        for (int i = 0; i < components.size(); i++) {
            indices.put(shape.components().get(i).name(), i);
        }
    }

    @Override
    public void write(Object value, JsonSink out) {
        out.beginObject();
        writeMembers(value, out);
        out.endObject();
    }

    @Override
    public void writeMembers(Object value, JsonSink out) {
        Object _ = shape.type().cast(value); // no accessor may be there to refuse another class
        for (int i = 0; i < components.size(); i++) {
            out.name(shape.components().get(i).name());
            try {
                components.get(i).write(RecordForm.read(shape, i, value), out);
            } catch (CodecException failure) {
                throw failure.inside(RecordForm.step(shape, i));
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
                throw failure.inside(RecordForm.step(shape, index));
            }
        }
        return RecordForm.make(shape, complete(values));
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
                throw new CodecException("is missing").inside(RecordForm.step(shape, i));
            }
            complete[i] = value;
        }
        return complete;
    }
}
