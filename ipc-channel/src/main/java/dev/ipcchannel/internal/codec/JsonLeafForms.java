package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Utf8;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The JSON forms of values that contain no others, except numbers.
final class JsonLeafForms {

    private JsonLeafForms() {}

    /// A boolean: true or false.
    record OfBoolean() implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.literal(((Boolean) value).toString());
        }

        @Override
        public Object read(JsonSource in) {
            return in.bool();
        }
    }

    /// A char: a string of one.
    record OfChar() implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.string(((Character) value).toString());
        }

        @Override
        public Object read(JsonSource in) {
            String text = in.string();
            if (text.length() != 1) {
                throw new CodecException("is not one char: string=" + Printable.quoted(text));
            }
            return text.charAt(0);
        }
    }

    /// A string.
    record OfString() implements JsonForm.Key {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.string((String) value);
        }

        @Override
        public Object read(JsonSource in) {
            return in.string();
        }

        @Override
        public String text(Object value) {
            Utf8.check((String) value);
            return (String) value;
        }

        @Override
        public Object parse(String text) {
            return text;
        }
    }

    /// Bytes: a string in base64, with padding.
    record OfBytes() implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.string(Base64.getEncoder().encodeToString((byte[]) value));
        }

        @Override
        public Object read(JsonSource in) {
            String text = in.string();
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException wrong) {
                throw new CodecException("is not base64: string=" + Printable.quoted(text), wrong);
            }
        }
    }

    /// A value of the JDK: a string.
    record OfTextual(JdkValue jdkValue) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.string(jdkValue.format(value));
        }

        @Override
        public Object read(JsonSource in) {
            return jdkValue.parse(in.string());
        }
    }

    /// An enum: a string, the constant's name.
    record OfEnum(Class<?> type, Map<String, Enum<?>> constants) implements JsonForm.Key {

        static OfEnum of(Shape.OfEnum shape) {
            Map<String, Enum<?>> constants = new HashMap<>();
            for (Enum<?> constant : shape.constants()) {
                constants.put(constant.name(), constant);
            }
            return new OfEnum(shape.type(), constants);
        }

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            out.string(text(value));
        }

        @Override
        public Object read(JsonSource in) {
            return parse(in.string());
        }

        @Override
        public String text(Object value) {
            return ((Enum<?>) type.cast(value)).name();
        }

        @Override
        public Object parse(String text) {
            Enum<?> constant = constants.get(text);
            if (constant == null) {
                throw new CodecException("is no constant: name=" + Printable.quoted(text));
            }
            return constant;
        }
    }

    /// An end of a channel: its name, its words in hexadecimal, the number of its descriptors.
    record OfEnd(EndType type) implements JsonForm {

        private static final String END = "$end";
        private static final String WORDS = "words";
        private static final String DESCRIPTORS = "descriptors";
        private static final String HEX = "0x";

        @Override
        public void write(Object value, JsonSink out) throws IOException {
            EndWords end = out.take(type.raw().cast(value));
            out.beginObject();
            out.name(END);
            out.string(type.name());
            out.name(WORDS);
            out.beginArray();
            for (long word : end.words()) {
                out.string(HEX + Long.toHexString(word));
            }
            out.endArray();
            out.name(DESCRIPTORS);
            out.literal(Integer.toString(end.descriptors()));
            out.endObject();
        }

        @Override
        public Object read(JsonSource in) {
            in.beginObject();
            in.expectName(END);
            String word = in.string();
            if (!word.equals(type.name())) {
                throw new CodecException("is another end than %s: name=%s"
                        .formatted(type.name(), Printable.quoted(word)));
            }
            in.expectName(WORDS);
            long[] words = words(in);
            in.expectName(DESCRIPTORS);
            int descriptors = (int) (Integer) JsonNumber.INT.parse(in.number());
            if (descriptors < 0) {
                throw new CodecException("has too few descriptors: count=" + descriptors);
            }
            in.endObject();
            return in.end(type, new EndWords(words, descriptors));
        }

        private static long[] words(JsonSource in) {
            List<Long> words = new ArrayList<>();
            in.beginArray();
            while (in.hasNext()) {
                words.add(word(in.string()));
            }
            in.endArray();
            long[] all = new long[words.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = words.get(i);
            }
            return all;
        }

        private static long word(String text) {
            try {
                if (text.startsWith(HEX)) {
                    return Long.parseUnsignedLong(text, HEX.length(), text.length(), 16);
                }
            } catch (NumberFormatException _) {
                // Reported below.
            }
            throw new CodecException("has a word that is not 0x and digits: string="
                    + Printable.quoted(text));
        }
    }
}
