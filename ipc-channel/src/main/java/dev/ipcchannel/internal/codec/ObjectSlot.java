package dev.ipcchannel.internal.codec;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The place of a component that is an object.
///
/// @param owner the record's class
/// @param step the component, for paths
/// @param type its class
/// @param getter takes the record and gives the component, both as objects
record ObjectSlot(Class<?> owner, String step, Class<?> type, MethodHandle getter, Form form)
        implements Slot {

    void encode(Object value, ByteSink sink) {
        try {
            form.encode(read(value), sink);
        } catch (CodecException failure) {
            throw failure.inside(step);
        }
    }

    private Object read(Object value) {
        @Nullable
        Object component;
        try {
            component = (@Nullable Object) getter.invokeExact(value);
        } catch (Throwable failure) {
            throw RecordForm.unreadable(failure, owner, value);
        }
        return Form.required(component);
    }

    Object decode(ByteSource source) {
        try {
            return form.decode(source);
        } catch (CodecException failure) {
            throw failure.inside(step);
        }
    }

    @Override
    public MethodHandle encoder() {
        return Slot.boundEncoder(this);
    }

    @Override
    public MethodHandle decoder() {
        return Slot.bound(this, "decode", methodType(Object.class, ByteSource.class))
                .asType(methodType(type, ByteSource.class));
    }
}
