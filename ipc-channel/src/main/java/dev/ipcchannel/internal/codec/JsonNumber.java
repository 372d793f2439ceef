package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.value.CodecException;
import java.io.IOException;

/// The JSON form of the six numeric primitives: a number; if JSON has none for the value, one of
/// the strings "NaN", "Infinity" and "-Infinity".
record JsonNumber(Primitive primitive) implements JsonForm.Key {

    static final JsonNumber INT = new JsonNumber(Primitive.INT);

    @Override
    public void write(Object value, JsonSink out) throws IOException {
        String text = text(value);
        if (isNoNumber(text)) {
            out.string(text);
        } else {
            out.literal(text);
        }
    }

    private static boolean isNoNumber(String text) {
        return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
    }

    @Override
    public Object read(JsonSource in) {
        if (isFloating() && in.isString()) {
            String text = in.string();
            if (!isNoNumber(text)) {
                throw noNumber(text);
            }
            return parse(text);
        }
        return parse(in.number());
    }

    private boolean isFloating() {
        return primitive == Primitive.FLOAT || primitive == Primitive.DOUBLE;
    }

    @Override
    public String text(Object value) {
        return primitive.wrapper().cast(value).toString();
    }

    @Override
    public Object parse(String text) {
        try {
            return switch (primitive) {
                case BYTE -> (byte) whole(text, Byte.MIN_VALUE, Byte.MAX_VALUE);
                case SHORT -> (short) whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
                case INT -> (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
                case LONG -> Long.parseLong(text);
                case FLOAT -> {
                    float number = Float.parseFloat(checked(text));
                    checkFinite(Float.isInfinite(number), text);
                    yield number;
                }
                case DOUBLE -> {
                    double number = Double.parseDouble(checked(text));
                    checkFinite(Double.isInfinite(number), text);
                    yield number;
                }
                default -> throw new AssertionError("no number: " + primitive);
            };
        } catch (NumberFormatException _) {
            throw noNumber(text);
        }
    }

    private long whole(String text, long least, long greatest) {
        long number = Long.parseLong(text);
        if (number < least || number > greatest) {
            throw noNumber(text);
        }
        return number;
    }

    /// The text, checked: the JDK accepts more than JSON, such as `0x1p3`, `1f` and blanks around.
    private String checked(String text) {
        for (int i = 0; i < text.length() && !isNoNumber(text); i++) {
            if ("+-.eE0123456789".indexOf(text.charAt(i)) < 0) {
                throw noNumber(text);
            }
        }
        return text;
    }

    private void checkFinite(boolean isInfinite, String text) {
        if (isInfinite && !isNoNumber(text)) {
            throw noNumber(text);
        }
    }

    private CodecException noNumber(String text) {
        return new CodecException(
                "is no %s: number=%s".formatted(primitive.text(), Printable.quoted(text)));
    }
}
