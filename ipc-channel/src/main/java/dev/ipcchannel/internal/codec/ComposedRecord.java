package dev.ipcchannel.internal.codec;

import static java.lang.invoke.MethodType.methodType;

import dev.ipcchannel.internal.value.CodecException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/// The binary form of a record as two method handles, each of which handles one component after
/// another.
///
/// The JDK compiles a handle that is called often with everything in it as constants: accessors,
/// constructor and the forms of the components, down to the last nested record.
///
/// An exception of the record's own code becomes a [CodecException] at the call. So any other
/// exception of the handles, for instance about an end that cannot travel, is rethrown unchanged.
///
/// @param encoder takes the record and the sink
/// @param decoder takes the source and returns the record
record ComposedRecord(MethodHandle encoder, MethodHandle decoder) implements BinaryForm {

    private static final MethodHandle REFUSED = refusedHandle();

    // Each component is a stack frame until the JIT compiler has compiled the handle.
    private static final int MAX_COMPONENTS = 64;

    static boolean canCompose(Shape.OfRecord shape) {
        int count = shape.components().size();
        return count > 0 && count <= MAX_COMPONENTS;
    }

    /// @param forms of the components
    static ComposedRecord of(Shape.OfRecord shape, List<BinaryForm> forms) {
        int last = forms.size() - 1;
        ComponentHandles handles = ComponentHandles.of(shape, last, forms.get(last).composed());
        MethodHandle encoder = handles.encoder();
        // Takes the components and after them the source; each step binds the last component.
        MethodHandle maker = MethodHandles.catchException(shape.access().maker(), Throwable.class,
                REFUSED);
        MethodHandle decoder = MethodHandles.foldArguments(
                MethodHandles.dropArguments(maker, last + 1, ByteSource.class), last,
                handles.decoder());
        for (int i = last - 1; i >= 0; i--) {
            handles = ComponentHandles.of(shape, i, forms.get(i).composed());
            encoder = MethodHandles.foldArguments(encoder, handles.encoder());
            decoder = MethodHandles.foldArguments(decoder, i, handles.decoder());
        }
        return new ComposedRecord(encoder, decoder);
    }

    /// A handle that throws the exception for a failed constructor in place of a record.
    private static MethodHandle refusedHandle() {
        try {
            MethodHandle refused = MethodHandles.lookup().findStatic(RecordAccess.class, "refused",
                    methodType(CodecException.class, Throwable.class));
            return MethodHandles.filterArguments(
                    MethodHandles.throwException(Object.class, CodecException.class), 0, refused);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @Override
    public void encode(Object value, ByteSink sink) {
        try {
            encoder.invokeExact(value, sink);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public Object decode(ByteSource source) {
        try {
            return (Object) decoder.invokeExact(source);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
