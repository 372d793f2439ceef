package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.base.Printable;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The walk over a shape that makes its JSON form.
final class JsonForms {

    private final List<Target> open = new ArrayList<>(); // outermost first

    private JsonForms() {}

    static JsonForm of(Shape shape) {
        return new JsonForms().make(shape);
    }

    private JsonForm make(Shape shape) {
        if (shape instanceof Shape.OfRecord composite) {
            Target target = enter();
            List<JsonForm> components = new ArrayList<>(composite.components().size());
            for (Shape.Component component : composite.components()) {
                components.add(make(component.shape()));
            }
            return leave(target, new JsonRecordForm(composite, List.copyOf(components)));
        }
        if (shape instanceof Shape.OfSealed composite) {
            Target target = enter();
            List<JsonForm> cases = new ArrayList<>(composite.cases().size());
            for (Shape.Case one : composite.cases()) {
                cases.add(make(one.shape()));
            }
            return leave(target, new OfSealed(composite.cases(), List.copyOf(cases)));
        }
        if (shape instanceof Shape.Reference reference) {
            return new OfReference(open.get(open.size() - reference.up()), reference.levels());
        }
        return makeSimple(shape);
    }

    private Target enter() {
        var target = new Target();
        open.add(target);
        return target;
    }

    private JsonForm leave(Target target, JsonForm made) {
        target.form = made;
        open.removeLast();
        return made;
    }

    private JsonForm makeSimple(Shape shape) {
        if (shape instanceof Shape.OfPrimitive leaf) {
            return primitive(leaf.primitive());
        }
        if (shape instanceof Shape.OfString) {
            return new JsonLeafForms.OfString();
        }
        if (shape instanceof Shape.OfPrimitives leaf) {
            return leaf.primitive() == Primitive.BYTE
                    ? new JsonLeafForms.OfBytes()
                    : new JsonContainerForms.OfPrimitives(leaf.primitive(),
                            primitive(leaf.primitive()));
        }
        if (shape instanceof Shape.OfEnum leaf) {
            return JsonLeafForms.OfEnum.of(leaf);
        }
        if (shape instanceof Shape.OfTextual leaf) {
            return new JsonLeafForms.OfTextual(leaf.textual());
        }
        if (shape instanceof Shape.OfEnd end) {
            return new JsonLeafForms.OfEnd(end.type(), TypeDescription.endName(end.type()));
        }
        return makeContainer(shape);
    }

    private static JsonForm primitive(Primitive primitive) {
        return switch (primitive) {
            case BOOLEAN -> new JsonLeafForms.OfBoolean();
            case CHAR -> new JsonLeafForms.OfChar();
            default -> new JsonNumber(primitive);
        };
    }

    private JsonForm makeContainer(Shape shape) {
        if (shape instanceof Shape.OfList list) {
            return new JsonContainerForms.OfList(make(list.element()));
        }
        if (shape instanceof Shape.OfSet set) {
            return new JsonContainerForms.OfSet(make(set.element()),
                    Keys.Kind.of(set.element()));
        }
        if (shape instanceof Shape.OfMap map) {
            return new JsonContainerForms.OfMap(make(map.key()), make(map.value()),
                    Keys.Kind.of(map.key()));
        }
        if (shape instanceof Shape.OfOptional optional) {
            return new JsonContainerForms.OfOptional(optional.type(), make(optional.element()));
        }
        if (shape instanceof Shape.OfArray array) {
            Object[] empty = (Object[]) Array.newInstance(array.type(), 0);
            return new JsonContainerForms.OfArray(empty, make(array.element()));
        }
        throw new AssertionError("no JSON form: " + shape);
    }

    /// The form that a reference leads to, known once it has been made.
    private static final class Target {

        private @Nullable JsonForm form;

        JsonForm form() {
            if (form == null) {
                throw new AssertionError("a form is used while it is made");
            }
            return form;
        }
    }

    /// A type inside itself: that type's form, one level deeper.
    private record OfReference(Target target, int levels) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            out.depth().enter(levels);
            target.form().write(value, out);
            out.depth().leave(levels);
        }

        @Override
        public Object read(JsonSource in) {
            in.depth().enter(levels);
            Object value = target.form().read(in);
            in.depth().leave(levels);
            return value;
        }

        @Override
        public void writeMembers(Object value, JsonSink out) {
            out.depth().enter(levels);
            target.form().writeMembers(value, out);
            out.depth().leave(levels);
        }

        @Override
        public Object readMembers(JsonSource in) {
            in.depth().enter(levels);
            Object value = target.form().readMembers(in);
            in.depth().leave(levels);
            return value;
        }
    }

    /// A sealed interface: an object whose first member names the case.
    private record OfSealed(List<Shape.Case> cases, List<JsonForm> forms) implements JsonForm {

        @Override
        public void write(Object value, JsonSink out) {
            int index = SealedForm.indexOf(cases, value);
            out.beginObject();
            out.name(TYPE);
            out.string(cases.get(index).name());
            forms.get(index).writeMembers(value, out);
            out.endObject();
        }

        @Override
        public Object read(JsonSource in) {
            in.beginObject();
            in.expectName(TYPE);
            Object value = forms.get(index(in.string())).readMembers(in);
            in.endObject();
            return value;
        }

        private int index(String name) {
            for (int i = 0; i < cases.size(); i++) {
                if (cases.get(i).name().equals(name)) {
                    return i;
                }
            }
            throw new CodecException("is no case: name=" + Printable.quoted(name));
        }
    }
}
