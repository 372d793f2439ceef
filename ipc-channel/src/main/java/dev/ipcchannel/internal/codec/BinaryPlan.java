package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/// The plan for the binary format.
///
/// A plan that has been used a few hundred times composes its form, which takes some milliseconds:
/// a process that sends only a few messages never pays for it.
final class BinaryPlan<T> implements TypePlan<T> {

    static final int USES_UNTIL_HOT = 500;

    private final Type type;
    private final Shape shape;

    // Neither is guarded. A form can be handed to another thread in any way, because all its fields
    // are final, and it does not matter if two threads both compose one or miss a use.
    private BinaryForm form;
    private int uses;

    BinaryPlan(Type type, Shape shape) {
        this.type = type;
        this.shape = shape;
        form = Forms.of(shape);
    }

    @Override
    public void encode(T value, ByteSink sink) {
        int outer = sink.depth().levels();
        sink.effort().start();
        try {
            form().encode(BinaryForm.required(value), sink);
        } catch (CodecException failure) {
            throw failure.inside(name());
        } catch (ClassCastException wrong) {
            throw Misfit.at(shape, value, wrong, name());
        } finally {
            sink.depth().restore(outer);
        }
    }

    private BinaryForm form() {
        if (uses <= USES_UNTIL_HOT && ++uses > USES_UNTIL_HOT) {
            compose();
        }
        return form;
    }

    void compose() {
        form = form.composed();
    }

    @Override
    @SuppressWarnings("unchecked") // the form was made for the type
    public T decode(ByteSource source) {
        int outer = source.depth().levels();
        source.effort().start();
        try {
            return (T) form().decode(source);
        } catch (CodecException failure) {
            throw failure.inside(name());
        } finally {
            source.depth().restore(outer);
        }
    }

    @Override
    public @Nullable RecordHead head(ByteSource source) {
        return RecordHead.binary(shape, source);
    }

    @Override
    public String name() {
        return Resolved.shortName(type);
    }

    @Override
    public String description() {
        return "binary:" + TypeDescription.of(shape);
    }
}
