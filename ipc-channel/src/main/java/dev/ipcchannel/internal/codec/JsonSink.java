package dev.ipcchannel.internal.codec;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// A writer of a JSON text, which goes to a [ByteSink] once it is complete.
final class JsonSink {

    private final ByteSink sink;
    private final StringWriter text = new StringWriter();
    private final JsonWriter json = new JsonWriter(text);
    private final Effort effort = new Effort();
    private long weight;

    JsonSink(ByteSink sink) {
        this.sink = sink;
        json.setStrictness(Strictness.STRICT);
        json.setHtmlSafe(false);
    }

    void beginObject() {
        weight++;
        try {
            json.beginObject();
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    void name(String name) {
        weight += 1 + name.length();
        try {
            json.name(name);
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    void endObject() {
        weight++;
        try {
            json.endObject();
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    void beginArray() {
        weight++;
        try {
            json.beginArray();
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    void endArray() {
        weight++;
        try {
            json.endArray();
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    /// @throws CodecException if it has an unpaired surrogate
    void string(String value) {
        Utf8.check(value);
        weight += 1 + value.length();
        try {
            json.value(value);
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    /// @param value the text of a JSON number, true, false or null
    void literal(String value) {
        weight += 1 + value.length();
        try {
            json.jsonValue(value);
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    private static UncheckedIOException inMemory(IOException impossible) {
        return new UncheckedIOException("memory has no input or output", impossible);
    }

    Carrier carrier() {
        return sink.carrier();
    }

    Depth depth() {
        return sink.depth();
    }

    Effort effort() {
        return effort;
    }

    /// What has been written, in the measure of [JsonSource#weight].
    long weight() {
        return weight;
    }

    /// Hands the text over.
    void finish() {
        sink.putUtf8(text.toString());
    }
}
