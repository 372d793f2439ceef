package dev.ipcchannel.internal.codec;

import static java.lang.invoke.MethodType.methodType;

import dev.ipcchannel.internal.value.CodecException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/// A component's handles in a [ComposedRecord].
sealed interface ComponentHandles {

    static ComponentHandles of(Shape.OfRecord shape, int index, BinaryForm form) {
        Class<?> type = shape.components().get(index).type();
        MethodHandle getter = shape.access().getter(index);
        String step = shape.step(index);
        Primitive primitive = type.isPrimitive() ? Primitive.of(type) : null;
        return primitive == null
                ? new OfObject(shape.type(), step, type, getter, form)
                : new OfPrimitive(shape.type(), step, primitive, getter);
    }

    /// A handle that takes the record, as an object, and a sink.
    default MethodHandle encoder() {
        return bound("encode", methodType(void.class, Object.class, ByteSink.class));
    }

    /// A handle that takes a source and returns the component, of its own class.
    MethodHandle decoder();

    /// A method of these handles, by its name.
    private MethodHandle bound(String name, MethodType type) {
        try {
            return MethodHandles.lookup().bind(this, name, type);
        } catch (ReflectiveOperationException impossible) { // they are in this file
            throw new LinkageError("the handles of a component lack a method: " + name, impossible);
        }
    }

    /// The handles of a component that is an object.
    ///
    /// @param owner the record's class
    /// @param step to the component, for paths
    /// @param type its class
    /// @param getter takes the record and returns the component, both as objects
    record OfObject(Class<?> owner, String step, Class<?> type, MethodHandle getter,
            BinaryForm form)
            implements ComponentHandles {

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
                throw RecordAccess.unreadable(failure, owner, value);
            }
            return BinaryForm.required(component);
        }

        Object decode(ByteSource source) {
            try {
                return form.decode(source);
            } catch (CodecException failure) {
                throw failure.inside(step);
            }
        }

        @Override
        public MethodHandle decoder() {
            return ((ComponentHandles) this)
                    .bound("decode", methodType(Object.class, ByteSource.class))
                    .asType(methodType(type, ByteSource.class));
        }
    }

    /// The handles of a primitive component, which never box it.
    ///
    /// @param owner the record's class
    /// @param step to the component, for paths
    /// @param getter takes the record, as an object, and returns the primitive
    record OfPrimitive(Class<?> owner, String step, Primitive primitive, MethodHandle getter)
            implements ComponentHandles {

        void encode(Object value, ByteSink sink) {
            try {
                switch (primitive) {
                    case BOOLEAN -> sink.putBoolean((boolean) getter.invokeExact(value));
                    case BYTE -> sink.putByte((byte) getter.invokeExact(value));
                    case SHORT -> sink.putShort((short) getter.invokeExact(value));
                    case CHAR -> sink.putShort((char) getter.invokeExact(value));
                    case INT -> sink.putInt((int) getter.invokeExact(value));
                    case LONG -> sink.putLong((long) getter.invokeExact(value));
                    case FLOAT -> sink.putFloat((float) getter.invokeExact(value));
                    case DOUBLE -> sink.putDouble((double) getter.invokeExact(value));
                }
            } catch (CodecException failure) {
                throw failure.inside(step);
            } catch (Throwable failure) {
                throw RecordAccess.unreadable(failure, owner, value).inside(step);
            }
        }

        @Override
        public MethodHandle decoder() {
            String name = switch (primitive) {
                case BOOLEAN -> "getBoolean";
                case BYTE -> "getByte";
                case SHORT -> "getShort";
                case CHAR -> "getChar";
                case INT -> "getInt";
                case LONG -> "getLong";
                case FLOAT -> "getFloat";
                case DOUBLE -> "getDouble";
            };
            return ((ComponentHandles) this).bound(name,
                    methodType(primitive.type(), ByteSource.class));
        }

        boolean getBoolean(ByteSource source) {
            try {
                return source.getBoolean();
            } catch (CodecException failure) {
                throw failure.inside(step);
            }
        }

        byte getByte(ByteSource source) {
            try {
                return (byte) source.getByte();
            } catch (CodecException failure) {
                throw failure.inside(step);
            }
        }

        short getShort(ByteSource source) {
            try {
                return source.getShort();
            } catch (CodecException failure) {
                throw failure.inside(step);
            }
        }

        char getChar(ByteSource source) {
            return (char) getShort(source);
        }

        int getInt(ByteSource source) {
            try {
                return source.getInt();
            } catch (CodecException failure) {
                throw failure.inside(step);
            }
        }

        long getLong(ByteSource source) {
            try {
                return source.getLong();
            } catch (CodecException failure) {
                throw failure.inside(step);
            }
        }

        float getFloat(ByteSource source) {
            return Float.intBitsToFloat(getInt(source));
        }

        double getDouble(ByteSource source) {
            return Double.longBitsToDouble(getLong(source));
        }
    }
}
