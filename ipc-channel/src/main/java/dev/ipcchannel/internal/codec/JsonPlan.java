package dev.ipcchannel.internal.codec;

import com.google.gson.stream.JsonReader;
import dev.ipcchannel.internal.value.CodecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/// The plan for JSON. Only this class, [JsonSource] and [JsonSink] use Gson, which a program may
/// lack.
final class JsonPlan<T> implements TypePlan<T> {

    private static final String LEAST_GSON = "2.12"; // the first version with a limit of nesting

    private final Type type;
    private final Shape shape;
    private final JsonForm form;

    /// @throws IllegalStateException if there is no Gson
    JsonPlan(Type type, Shape shape) {
        checkGson();
        this.type = type;
        this.shape = shape;
        form = JsonForms.of(shape);
    }

    /// Uses Gson once, so that a missing Gson is found before the first message.
    private static void checkGson() {
        try {
            JsonReader _ = JsonSource.reader(Reader.nullReader());
        } catch (LinkageError absence) {
            throw new IllegalStateException(("Codec.json needs Gson %s or newer: gson=%s: have"
                    + " com.google.code.gson:gson on the class path; on the module path, or in an"
                    + " image of jlink, also `requires com.google.gson` in a module-info.java of"
                    + " yours, or --add-modules com.google.gson on the command line")
                    .formatted(LEAST_GSON, found(absence)), absence);
        }
    }

    private static String found(LinkageError absence) {
        if (absence instanceof IllegalAccessError) {
            return "on the class path only, where a module does not look";
        }
        try {
            CodeSource source = JsonReader.class.getProtectionDomain().getCodeSource();
            return "too old" + (source == null ? "" : ", file=" + source.getLocation());
        } catch (LinkageError _) {
            return "missing";
        }
    }

    @Override
    public void encode(T value, ByteSink sink) {
        int outer = sink.depth().levels();
        try {
            var out = new JsonSink(sink);
            form.write(BinaryForm.required(value), out);
            out.finish();
        } catch (CodecException failure) {
            throw failure.inside(name());
        } catch (ClassCastException wrong) {
            throw Misfit.at(shape, value, wrong, name());
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory has no input or output", impossible);
        } finally {
            sink.depth().restore(outer);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the form was made for the type
    public T decode(ByteSource source) {
        int outer = source.depth().levels();
        try {
            var in = new JsonSource(source);
            Object value = form.read(in);
            in.finish();
            return (T) value;
        } catch (CodecException failure) {
            throw failure.inside(name());
        } finally {
            source.depth().restore(outer);
        }
    }

    @Override
    public @Nullable RecordHead head(ByteSource source) {
        int length = source.remaining();
        // The text is not worth a copy as UTF-8: names and numbers are ASCII in any case.
        JsonReader json = JsonSource.reader(new InputStreamReader(
                new ByteArrayInputStream(source.buffer(), source.skip(length), length),
                StandardCharsets.ISO_8859_1));
        try {
            return head(json);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// Reads the head of a text that may end too early. The members may come in any order; all
    /// others are skipped.
    private @Nullable RecordHead head(JsonReader json) throws IOException {
        json.beginObject();
        Shape found = shape instanceof Shape.OfSealed composite ? named(composite, json) : shape;
        Shape.OfRecord record = RecordHead.numbered(found);
        return record == null ? null : member(record, json);
    }

    /// The case that the first member names.
    private static @Nullable Shape named(Shape.OfSealed composite, JsonReader json)
            throws IOException {
        if (!json.nextName().equals(JsonForm.TYPE)) {
            return null;
        }
        String name = json.nextString();
        for (Shape.Case one : composite.cases()) {
            if (one.name().equals(name)) {
                return one.shape();
            }
        }
        return null;
    }

    private static @Nullable RecordHead member(Shape.OfRecord record, JsonReader json)
            throws IOException {
        String name = record.components().getFirst().name();
        while (json.hasNext()) {
            if (json.nextName().equals(name)) {
                return new RecordHead(record.type(), json.nextLong());
            }
            json.skipValue();
        }
        return null;
    }

    @Override
    public String name() {
        return Resolved.shortName(type);
    }

    @Override
    public String description() {
        return "json:" + TypeDescription.of(shape);
    }
}
