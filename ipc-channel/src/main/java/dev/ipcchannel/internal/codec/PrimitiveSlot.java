package dev.ipcchannel.internal.codec;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;

/// The place of a component that is a primitive, which is never put into its wrapper here.
///
/// @param owner the record's class
/// @param step the component, for paths
/// @param getter takes the record, as an object, and gives the primitive
record PrimitiveSlot(Class<?> owner, String step, Primitive primitive, MethodHandle getter)
        implements Slot {

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
            throw RecordForm.unreadable(failure, owner, value).inside(step);
        }
    }

    @Override
    public MethodHandle encoder() {
        return Slot.boundEncoder(this);
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
        return Slot.bound(this, name, methodType(primitive.type(), ByteSource.class));
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
