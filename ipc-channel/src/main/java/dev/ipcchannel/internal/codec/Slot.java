package dev.ipcchannel.internal.codec;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// A component's place in a [ComposedRecord].
sealed interface Slot permits ObjectSlot, PrimitiveSlot {

    static Slot of(Shape.OfRecord shape, int index, Form form) {
        Class<?> type = shape.components().get(index).type();
        MethodHandle getter = shape.access().getter(index);
        String step = RecordForm.step(shape, index);
        Primitive primitive = type.isPrimitive() ? Primitive.of(type) : null;
        return primitive == null
                ? new ObjectSlot(shape.type(), step, type, getter, form)
                : new PrimitiveSlot(shape.type(), step, primitive, getter);
    }

    /// Takes the record, as an object, and a sink.
    MethodHandle encoder();

    /// Takes a source and gives the component, of its own class.
    MethodHandle decoder();

    /// A method of `slot`, by its name.
    static MethodHandle bound(Slot slot, String name, MethodType type) {
        try {
            return MethodHandles.lookup().bind(slot, name, type);
        } catch (ReflectiveOperationException impossible) { // they are ours
            throw new LinkageError("a slot lacks a method: " + name, impossible);
        }
    }

    static MethodHandle boundEncoder(Slot slot) {
        return bound(slot, "encode", methodType(void.class, Object.class, ByteSink.class));
    }
}
