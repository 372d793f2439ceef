package dev.ipcchannel.internal.codec;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/// The walk over a shape that makes its JSON form.
final class JsonForms {

    private final List<BinaryForm.Target<JsonForm>> open = new ArrayList<>(); // outermost first

    private JsonForms() {}

    static JsonForm of(Shape shape) {
        return new JsonForms().make(shape);
    }

    /// One table, like that of [Forms].
    private JsonForm make(Shape shape) {
        if (shape instanceof Shape.OfRecord composite) {
            BinaryForm.Target<JsonForm> target = new BinaryForm.Target<>();
            open.add(target);
            List<JsonForm> components = new ArrayList<>(composite.components().size());
            for (Shape.Component component : composite.components()) {
                components.add(make(component.shape()));
            }
            open.removeLast();
            return target.set(new JsonCompositeForms.OfRecord(composite, List.copyOf(components)));
        }
        if (shape instanceof Shape.OfSealed composite) {
            BinaryForm.Target<JsonForm> target = new BinaryForm.Target<>();
            open.add(target);
            List<JsonForm> cases = new ArrayList<>(composite.cases().size());
            for (Shape.Case one : composite.cases()) {
                cases.add(make(one.shape()));
            }
            open.removeLast();
            return target.set(new JsonCompositeForms.OfSealed(composite, List.copyOf(cases)));
        }
        if (shape instanceof Shape.Reference reference) {
            return new JsonCompositeForms.OfReference(open.get(open.size() - reference.up()),
                    reference.levels());
        }
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
            return new JsonLeafForms.OfTextual(leaf.jdkValue());
        }
        if (shape instanceof Shape.OfEnd end) {
            return new JsonLeafForms.OfEnd(end.type());
        }
        if (shape instanceof Shape.OfList list) {
            return new JsonContainerForms.OfList(make(list.element()));
        }
        if (shape instanceof Shape.OfSet set) {
            return new JsonContainerForms.OfSet(make(set.element()), Keys.Kind.of(set.element()));
        }
        if (shape instanceof Shape.OfMap map) {
            return new JsonContainerForms.OfMap(make(map.key()), make(map.value()),
                    Keys.Kind.of(map.key()));
        }
        if (shape instanceof Shape.OfOptional optional) {
            return new JsonContainerForms.OfOptional(optional.type(), make(optional.element()));
        }
        Shape.OfArray array = (Shape.OfArray) shape;
        Object[] empty = (Object[]) Array.newInstance(array.type(), 0);
        return new JsonContainerForms.OfArray(empty, make(array.element()));
    }

    private static JsonForm primitive(Primitive primitive) {
        return switch (primitive) {
            case BOOLEAN -> new JsonLeafForms.OfBoolean();
            case CHAR -> new JsonLeafForms.OfChar();
            default -> new JsonNumber(primitive);
        };
    }
}
