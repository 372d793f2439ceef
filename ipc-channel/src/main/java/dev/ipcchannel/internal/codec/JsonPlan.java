package dev.ipcchannel.internal.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// The plan for JSON.
final class JsonPlan<T> implements TypePlan<T> {

    private final Type type;
    private final Shape shape;
    private final JsonForm form;

    JsonPlan(Type type, Shape shape) {
        this.type = type;
        this.shape = shape;
        form = JsonForms.of(shape);
    }

    @Override
    public void encode(T value, ByteSink sink) {
        int outer = sink.depth().levels();
        try {
            var out = new JsonSink(sink);
            form.write(Form.required(value), out);
            out.finish();
        } catch (CodecException failure) {
            throw failure.inside(Resolved.shortName(type));
        } catch (ClassCastException wrong) {
            throw BinaryPlan.undeclared(wrong).inside(Resolved.shortName(type));
        } finally {
            sink.depth().restore(outer);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the form was made for the type
    public T decode(ByteSource source) {
        int outer = source.depth().levels();
        try {
            var in = new JsonSource(source);
            Object value = form.read(in);
            in.finish();
            return (T) value;
        } catch (CodecException failure) {
            throw failure.inside(Resolved.shortName(type));
        } finally {
            source.depth().restore(outer);
        }
    }

    @Override
    public @Nullable Head head(ByteSource source) {
        try {
            return Head.json(shape, source);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public String description() {
        return "json:" + TypeDescription.of(shape);
    }
}
