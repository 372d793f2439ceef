package dev.ipcchannel.internal.codec;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/// The walk over a shape that makes its binary form.
final class Forms {

    private final List<BinaryForm.Target<BinaryForm>> open = new ArrayList<>(); // outermost first

    private Forms() {}

    static BinaryForm of(Shape shape) {
        return new Forms().make(shape);
    }

    /// One table. It is no switch over types, because the first use of one takes milliseconds, in
    /// every child at its start.
    private BinaryForm make(Shape shape) {
        if (shape instanceof Shape.OfRecord composite) {
            BinaryForm.Target<BinaryForm> target = new BinaryForm.Target<>();
            open.add(target);
            List<BinaryForm> components = new ArrayList<>(composite.components().size());
            for (Shape.Component component : composite.components()) {
                components.add(make(component.shape()));
            }
            open.removeLast();
            return target.set(new CompositeForms.OfRecord(composite, List.copyOf(components)));
        }
        if (shape instanceof Shape.OfSealed composite) {
            BinaryForm.Target<BinaryForm> target = new BinaryForm.Target<>();
            open.add(target);
            List<BinaryForm> cases = new ArrayList<>(composite.cases().size());
            for (Shape.Case one : composite.cases()) {
                cases.add(make(one.shape()));
            }
            open.removeLast();
            return target.set(new CompositeForms.OfSealed(composite, List.copyOf(cases)));
        }
        if (shape instanceof Shape.Reference reference) {
            return new CompositeForms.OfReference(open.get(open.size() - reference.up()),
                    reference.levels());
        }
        if (shape instanceof Shape.OfPrimitive leaf) {
            return new LeafForms.OfPrimitive(leaf.primitive());
        }
        if (shape instanceof Shape.OfString) {
            return new LeafForms.OfString();
        }
        if (shape instanceof Shape.OfPrimitives leaf) {
            return new LeafForms.OfPrimitives(leaf.primitive());
        }
        if (shape instanceof Shape.OfEnum leaf) {
            return new LeafForms.OfEnum(leaf.type(), leaf.constants());
        }
        if (shape instanceof Shape.OfTextual leaf) {
            return new JdkValueForm(leaf.jdkValue());
        }
        if (shape instanceof Shape.OfEnd end) {
            return new LeafForms.OfEnd(end.type());
        }
        if (shape instanceof Shape.OfList list) {
            return new ContainerForms.OfList(make(list.element()));
        }
        if (shape instanceof Shape.OfSet set) {
            return new ContainerForms.OfSet(make(set.element()), Keys.Kind.of(set.element()));
        }
        if (shape instanceof Shape.OfMap map) {
            return new ContainerForms.OfMap(make(map.key()), make(map.value()),
                    Keys.Kind.of(map.key()));
        }
        if (shape instanceof Shape.OfOptional optional) {
            return new ContainerForms.OfOptional(optional.type(), make(optional.element()));
        }
        Shape.OfArray array = (Shape.OfArray) shape;
        Object[] empty = (Object[]) Array.newInstance(array.type(), 0);
        return new ContainerForms.OfArray(empty, make(array.element()));
    }
}
