package dev.ipcchannel.internal.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// The binary form of a record as two method handles, each one component after another.
///
/// The JDK compiles a handle that is called often with everything in it as constants: accessors,
/// constructor and the forms of the components, down to the last nested record.
///
/// @param encoder takes the record and the sink
/// @param decoder takes the source and gives the record
record ComposedRecord(Class<?> type, MethodHandle encoder, MethodHandle decoder) implements Form {

    // Each component is a stack frame until the JIT compiler has been here.
    private static final int MAX_COMPONENTS = 64;

    static boolean canCompose(Shape.OfRecord shape) {
        int count = shape.components().size();
        return count > 0 && count <= MAX_COMPONENTS;
    }

    /// @param forms of the components
    static ComposedRecord of(Shape.OfRecord shape, List<Form> forms) {
        int last = forms.size() - 1;
        Slot slot = Slot.of(shape, last, forms.get(last).composed());
        MethodHandle encoder = slot.encoder();
        // Takes the components and, behind them, the source; loses the last component at each step.
        MethodHandle decoder = MethodHandles.foldArguments(
                MethodHandles.dropArguments(shape.access().maker(), last + 1, ByteSource.class),
                last, slot.decoder());
        for (int i = last - 1; i >= 0; i--) {
            slot = Slot.of(shape, i, forms.get(i).composed());
            encoder = MethodHandles.foldArguments(encoder, slot.encoder());
            decoder = MethodHandles.foldArguments(decoder, i, slot.decoder());
        }
        return new ComposedRecord(shape.type(), encoder, decoder);
    }

    @Override
    public void encode(Object value, ByteSink sink) {
        try {
            encoder.invokeExact(type.cast(value), sink);
        } catch (CodecException | VirtualMachineError known) {
            throw known;
        } catch (Throwable failure) {
            throw RecordForm.unreadable(failure);
        }
    }

    @Override
    public Object decode(ByteSource source) {
        try {
            return (Object) decoder.invokeExact(source);
        } catch (CodecException | VirtualMachineError known) {
            throw known;
        } catch (Throwable failure) {
            throw RecordForm.refused(failure); // slots throw nothing else: it is the constructor
        }
    }
}
