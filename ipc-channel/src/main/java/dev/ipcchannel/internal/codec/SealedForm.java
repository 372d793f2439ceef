package dev.ipcchannel.internal.codec;

import java.util.ArrayList;
import java.util.List;

/// The binary form of a sealed interface: the place of the case in the declaration as a varint, and
/// the case.
record SealedForm(List<Shape.Case> cases, List<Form> forms) implements Form {

    @Override
    public void encode(Object value, ByteSink sink) {
        int index = indexOf(cases, value);
        sink.putVarint(index);
        forms.get(index).encode(value, sink);
    }

    /// The case that `value` is of.
    static int indexOf(List<Shape.Case> cases, Object value) {
        int index = indexIn(cases, value);
        if (index < 0) {
            throw new ClassCastException(
                    "no case of a sealed type: class=" + value.getClass().getName());
        }
        return index;
    }

    /// The same, -1 where it is of none.
    static int indexIn(List<Shape.Case> cases, Object value) {
        // A constant with a body has a class of its own.
        Class<?> type = value instanceof Enum<?> constant
                ? constant.getDeclaringClass() : value.getClass();
        for (int i = 0; i < cases.size(); i++) {
            if (cases.get(i).type() == type) {
                return i;
            }
        }
        return -1;
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
    public Form composed() {
        List<Form> composed = new ArrayList<>(forms.size());
        for (Form form : forms) {
            composed.add(form.composed());
        }
        return new SealedForm(cases, List.copyOf(composed));
    }
}
