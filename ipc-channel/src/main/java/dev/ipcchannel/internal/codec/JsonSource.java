package dev.ipcchannel.internal.codec;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.value.Depth;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;

/// A reader of a JSON text, which takes all bytes left in a [ByteSource].
final class JsonSource {

    // A level of a value is at most three levels in JSON: a map's array, its pair, a case's object.
    static final int MAX_NESTING = 4 * Depth.LIMIT;

    private static final String READER = "JsonReader at ";

    private final ByteSource source;
    private final JsonReader json;
    private final Effort effort = new Effort();
    private long weight;

    JsonSource(ByteSource source) {
        this.source = source;
        json = reader(new StringReader(source.getUtf8(source.remaining())));
    }

    static JsonReader reader(Reader text) {
        JsonReader json = new JsonReader(text);
        json.setStrictness(Strictness.STRICT);
        json.setNestingLimit(MAX_NESTING);
        return json;
    }

    void beginObject() {
        expect(JsonToken.BEGIN_OBJECT);
        try {
            json.beginObject();
        } catch (IOException _) {
            throw malformed();
        }
    }

    void endObject() {
        expect(JsonToken.END_OBJECT);
        try {
            json.endObject();
        } catch (IOException _) {
            throw malformed();
        }
    }

    void beginArray() {
        expect(JsonToken.BEGIN_ARRAY);
        try {
            json.beginArray();
        } catch (IOException _) {
            throw malformed();
        }
    }

    void endArray() {
        expect(JsonToken.END_ARRAY);
        try {
            json.endArray();
        } catch (IOException _) {
            throw malformed();
        }
    }

    /// Whether the array or object has another element.
    boolean hasNext() {
        try {
            return json.hasNext();
        } catch (IOException _) {
            throw malformed();
        }
    }

    /// Reads a name. To Gson, an escaped surrogate without its other half is malformed, also in
    /// strings.
    String name() {
        expect(JsonToken.NAME);
        try {
            return counted(json.nextName());
        } catch (IOException _) {
            throw malformed();
        }
    }

    void expectName(String expected) {
        String name = name();
        if (!name.equals(expected)) {
            throw new CodecException("has another member where %s belongs: name=%s"
                    .formatted(expected, Printable.quoted(name)));
        }
    }

    String string() {
        expect(JsonToken.STRING);
        try {
            return counted(json.nextString());
        } catch (IOException _) {
            throw malformed();
        }
    }

    boolean isString() {
        return peek() == JsonToken.STRING;
    }

    /// Reads the text of a number.
    String number() {
        expect(JsonToken.NUMBER);
        try {
            return counted(json.nextString());
        } catch (IOException _) {
            throw malformed();
        }
    }

    boolean bool() {
        expect(JsonToken.BOOLEAN);
        try {
            boolean value = json.nextBoolean();
            weight += Boolean.toString(value).length();
            return value;
        } catch (IOException _) {
            throw malformed();
        }
    }

    /// Takes a null, if the next token is one.
    boolean takeNull() {
        if (peek() != JsonToken.NULL) {
            return false;
        }
        try {
            json.nextNull();
            weight += 1 + "null".length();
            return true;
        } catch (IOException _) {
            throw malformed();
        }
    }

    private void expect(JsonToken expected) {
        JsonToken token = peek();
        if (token != expected) {
            throw new CodecException("is %s, not %s".formatted(name(token), name(expected)));
        }
        weight++;
    }

    private String counted(String text) {
        weight += text.length();
        return text;
    }

    private JsonToken peek() {
        try {
            return json.peek();
        } catch (IOException _) {
            throw malformed();
        }
    }

    private static String name(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case END_OBJECT -> "the end of an object";
            case BEGIN_ARRAY -> "an array";
            case END_ARRAY -> "the end of an array";
            case NAME -> "a name";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case END_DOCUMENT -> "the end of the text";
        };
    }

    /// The failure, without Gson's message, which has names of members unchanged.
    private CodecException malformed() {
        // Gson's toString has the place: "JsonReader at line 1 column 7 path $.id".
        String place = json.toString().substring(READER.length());
        return new CodecException("is not well-formed JSON: " + Printable.of(place));
    }

    Object end(EndType type, EndWords words) {
        return source.end(type, words);
    }

    Depth depth() {
        return source.depth();
    }

    Effort effort() {
        return effort;
    }

    /// The amount read: one for each token, and one for each char of their texts. It is at most the
    /// length of the text. [JsonSink#weight] counts the same.
    long weight() {
        return weight;
    }

    /// Checks that nothing follows.
    void finish() {
        expect(JsonToken.END_DOCUMENT);
    }
}
