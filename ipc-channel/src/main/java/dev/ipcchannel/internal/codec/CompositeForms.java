package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import java.util.ArrayList;
import java.util.List;

/// The binary forms of records and sealed interfaces, and of references to enclosing ones.
final class CompositeForms {

    private CompositeForms() {}

    /// A record: its components in order, or a zero byte if it has none.
    ///
    /// It is quick to make, and its stack depth does not depend on the number of components.
    record OfRecord(Shape.OfRecord shape, List<BinaryForm> components) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            for (int i = 0; i < components.size(); i++) {
                try {
                    components.get(i).encode(shape.access().component(i, value), sink);
                } catch (CodecException failure) {
                    throw failure.inside(shape.step(i));
                }
            }
            if (components.isEmpty()) {
                Object _ = shape.type().cast(value); // there is no accessor to refuse another class
                sink.putByte(0);
            }
        }

        @Override
        public Object decode(ByteSource source) {
            Object[] values = new Object[components.size()];
            for (int i = 0; i < values.length; i++) {
                try {
                    values[i] = components.get(i).decode(source);
                } catch (CodecException failure) {
                    throw failure.inside(shape.step(i));
                }
            }
            if (values.length == 0) {
                checkZero(source);
            }
            return shape.access().record(values);
        }

        private static void checkZero(ByteSource source) {
            int value = source.getByte();
            if (value != 0) {
                throw new CodecException("has no components, but a byte: byte=" + value);
            }
        }

        @Override
        public BinaryForm composed() {
            return ComposedRecord.canCompose(shape) ? ComposedRecord.of(shape, components) : this;
        }
    }

    /// A sealed interface: the index of the case in the declaration as a varint, and the case.
    record OfSealed(Shape.OfSealed shape, List<BinaryForm> forms) implements BinaryForm {

        @Override
        public void encode(Object value, ByteSink sink) {
            int index = shape.caseOf(value);
            sink.putVarint(index);
            forms.get(index).encode(value, sink);
        }

        @Override
        public Object decode(ByteSource source) {
            long index = source.getVarint();
            if (index < 0 || index >= forms.size()) {
                throw new CodecException("is no case: index=%s, cases=%d"
                        .formatted(Long.toUnsignedString(index), forms.size()));
            }
            return forms.get((int) index).decode(source);
        }

        @Override
        public BinaryForm composed() {
            List<BinaryForm> composed = new ArrayList<>(forms.size());
            for (BinaryForm form : forms) {
                composed.add(form.composed());
            }
            return new OfSealed(shape, List.copyOf(composed));
        }
    }

    /// A type inside itself: the form of the enclosing type, one level deeper.
    record OfReference(BinaryForm.Target<BinaryForm> target, int levels) implements BinaryForm {

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
}
