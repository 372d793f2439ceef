package dev.ipcchannel.internal.codec;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import dev.ipcchannel.internal.value.Depth;
import dev.ipcchannel.internal.value.Utf8;
import java.io.IOException;
import java.io.StringWriter;

/// A writer of a JSON text, which goes to a [ByteSink] once it is complete. It writes to memory: an
/// `IOException` is impossible, and is caught at one place, [JsonPlan].
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

    void beginObject() throws IOException {
        weight++;
        json.beginObject();
    }

    void name(String name) throws IOException {
        weight += 1 + name.length();
        json.name(name);
    }

    void endObject() throws IOException {
        weight++;
        json.endObject();
    }

    void beginArray() throws IOException {
        weight++;
        json.beginArray();
    }

    void endArray() throws IOException {
        weight++;
        json.endArray();
    }

    /// @throws CodecException if it has an unpaired surrogate
    void string(String value) throws IOException {
        Utf8.check(value);
        weight += 1 + value.length();
        json.value(value);
    }

    /// @param value the text of a JSON number, true, false or null
    void literal(String value) throws IOException {
        weight += 1 + value.length();
        json.jsonValue(value);
    }

    EndWords take(Object end) {
        return sink.take(end);
    }

    Depth depth() {
        return sink.depth();
    }

    Effort effort() {
        return effort;
    }

    /// The amount written, in the measure of [JsonSource#weight].
    long weight() {
        return weight;
    }

    /// Appends the text to the sink.
    void finish() {
        sink.putUtf8(text.toString());
    }
}
