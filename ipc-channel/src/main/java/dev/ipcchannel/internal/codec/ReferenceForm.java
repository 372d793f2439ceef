package dev.ipcchannel.internal.codec;

import org.jspecify.annotations.Nullable;

/// The binary form of a type inside itself: that type's form, one level deeper.
record ReferenceForm(Target target, int levels) implements Form {

    /// The form that is referred to, known once it has been made.
    static final class Target {

        private @Nullable Form form;

        Form form() {
            if (form == null) {
                throw new AssertionError("a form is used while it is made");
            }
            return form;
        }

        void set(Form made) {
            form = made;
        }
    }

    @Override
    public void encode(Object value, ByteSink sink) {
        sink.depth().enter(levels);
        target.form().encode(value, sink);
        sink.depth().leave(levels);
    }

    @Override
    public Object decode(ByteSource source) {
        source.depth().enter(levels);
        Object value = target.form().decode(source);
        source.depth().leave(levels);
        return value;
    }
}
