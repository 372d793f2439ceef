package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The binary form of a record: its components in their order, or a zero byte if it has none.
///
/// Quick to make, and of a stack depth that does not depend on the number of components.
final class RecordForm implements Form {

    private final Shape.OfRecord shape;
    private final List<Form> components;

    RecordForm(Shape.OfRecord shape, List<Form> components) {
        this.shape = shape;
        this.components = components;
    }

    @Override
    public void encode(Object value, ByteSink sink) {
        for (int i = 0; i < components.size(); i++) {
            try {
                components.get(i).encode(read(shape, i, value), sink);
            } catch (CodecException failure) {
                throw failure.inside(step(shape, i));
            }
        }
        if (components.isEmpty()) {
            Object _ = shape.type().cast(value); // no accessor is there to refuse another class
            sink.putByte(0);
        }
    }

    /// Reads component number `index` of `value`.
    static Object read(Shape.OfRecord shape, int index, Object value) {
        @Nullable
        Object component;
        try {
            component = shape.access().read(index, value);
        } catch (Throwable failure) {
            throw unreadable(failure, shape.type(), value);
        }
        return Form.required(component);
    }

    /// What the accessor of a component threw.
    ///
    /// @param type the record
    /// @throws ClassCastException if `owner` is no such record: then no accessor was called
    static CodecException unreadable(Throwable failure, Class<?> type, Object owner) {
        if (failure instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        Object _ = type.cast(owner);
        return new CodecException("could not be read: reason=" + Printable.of(failure), failure);
    }

    static String step(Shape.OfRecord shape, int index) {
        return shape.components().get(index).step();
    }

    @Override
    public Object decode(ByteSource source) {
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = components.get(i).decode(source);
            } catch (CodecException failure) {
                throw failure.inside(step(shape, i));
            }
        }
        if (values.length == 0) {
            checkZero(source);
        }
        return make(shape, values);
    }

    private static void checkZero(ByteSource source) {
        int value = source.getByte();
        if (value != 0) {
            throw new CodecException("has no components, but a byte: byte=" + value);
        }
    }

    /// Makes a record of its components.
    static Object make(Shape.OfRecord shape, Object[] components) {
        try {
            return shape.access().make(components);
        } catch (Throwable failure) {
            throw refused(failure);
        }
    }

    /// What the constructor of a record threw.
    static CodecException refused(Throwable failure) {
        if (failure instanceof VirtualMachineError fatal) {
            throw fatal;
        }
        return new CodecException("refused its components: reason=" + Printable.of(failure),
                failure);
    }

    @Override
    public Form composed() {
        return ComposedRecord.canCompose(shape) ? ComposedRecord.of(shape, components) : this;
    }
}
