package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import java.util.List;

/// The binary forms of values that contain no others.
final class LeafForms {

    private LeafForms() {}

    /// A primitive in its wrapper: as many bytes as it has.
    record OfPrimitive(Primitive primitive) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            switch (primitive) {
                case BOOLEAN -> sink.putBoolean((boolean) value);
                case BYTE -> sink.putByte((byte) value);
                case SHORT -> sink.putShort((short) value);
                case CHAR -> sink.putShort((char) value);
                case INT -> sink.putInt((int) value);
                case LONG -> sink.putLong((long) value);
                case FLOAT -> sink.putFloat((float) value);
                case DOUBLE -> sink.putDouble((double) value);
            }
        }

        @Override
        public Object decode(ByteSource source) {
            return switch (primitive) {
                case BOOLEAN -> source.getBoolean();
                case BYTE -> (byte) source.getByte();
                case SHORT -> source.getShort();
                case CHAR -> (char) source.getShort();
                case INT -> source.getInt();
                case LONG -> source.getLong();
                case FLOAT -> source.getFloat();
                case DOUBLE -> source.getDouble();
            };
        }
    }

    /// An array of primitives: their number as a varint, and each as above.
    record OfPrimitives(Primitive primitive) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            sink.putVarint(primitive.length(value));
            switch (primitive) {
                case BOOLEAN -> sink.putBooleans((boolean[]) value);
                case BYTE -> sink.putBytes((byte[]) value);
                case SHORT -> sink.putShorts((short[]) value);
                case CHAR -> sink.putChars((char[]) value);
                case INT -> sink.putInts((int[]) value);
                case LONG -> sink.putLongs((long[]) value);
                case FLOAT -> sink.putFloats((float[]) value);
                case DOUBLE -> sink.putDoubles((double[]) value);
            }
        }

        @Override
        public Object decode(ByteSource source) {
            int count = source.getCount(primitive.bytes());
            return switch (primitive) {
                case BOOLEAN -> source.getBooleans(count);
                case BYTE -> source.getBytes(count);
                case SHORT -> source.getShorts(count);
                case CHAR -> source.getChars(count);
                case INT -> source.getInts(count);
                case LONG -> source.getLongs(count);
                case FLOAT -> source.getFloats(count);
                case DOUBLE -> source.getDoubles(count);
            };
        }
    }

    /// A string: its length in bytes as a varint, and its UTF-8.
    record OfString() implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            sink.putString((String) value);
        }

        @Override
        public Object decode(ByteSource source) {
            return source.getString();
        }
    }

    /// An enum: the index of its constant in the declaration, as a varint.
    record OfEnum(Class<?> type, List<Enum<?>> constants) implements BinaryForm {

        @Override
        @SuppressWarnings("EnumOrdinal") // the format; both sides compare their descriptions
        public void encode(Object value, ByteSink sink) {
            sink.putVarint(((Enum<?>) type.cast(value)).ordinal());
        }

        @Override
        public Object decode(ByteSource source) {
            long ordinal = source.getVarint();
            if (ordinal < 0 || ordinal >= constants.size()) {
                throw new CodecException("is no constant: ordinal=%s, constants=%d"
                        .formatted(Long.toUnsignedString(ordinal), constants.size()));
            }
            return constants.get((int) ordinal);
        }
    }

    /// An end of a channel: the numbers of words and descriptors as varints, and the words.
    record OfEnd(EndType type) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            EndWords words = sink.take(type.raw().cast(value));
            sink.putVarint(words.words().length);
            sink.putVarint(words.descriptors());
            sink.putLongs(words.words());
        }

        @Override
        public Object decode(ByteSource source) {
            int count = source.getCount(Long.BYTES);
            long descriptors = source.getVarint();
            if (descriptors < 0 || descriptors > Integer.MAX_VALUE) {
                throw new CodecException("has too many descriptors: count="
                        + Long.toUnsignedString(descriptors));
            }
            return source.end(type, new EndWords(source.getLongs(count), (int) descriptors));
        }
    }
}
