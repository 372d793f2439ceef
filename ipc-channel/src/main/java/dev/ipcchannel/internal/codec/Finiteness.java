package dev.ipcchannel.internal.codec;

/// The question whether a value of a type can be there at all: `record Endless(Endless next)` has
/// none, for each would need another one first.
final class Finiteness {

    private Finiteness() {}

    /// Takes it for granted that the types around `composite` have values.
    static boolean canEnd(Shape composite) {
        return canEnd(composite, 0);
    }

    /// @param inside how many records and sealed interfaces, from the one asked for, `shape` is
    /// inside of
    private static boolean canEnd(Shape shape, int inside) {
        if (shape instanceof Shape.OfRecord composite) {
            for (Shape.Component component : composite.components()) {
                if (!canEnd(component.shape(), inside + 1)) {
                    return false;
                }
            }
            return true;
        }
        if (shape instanceof Shape.OfSealed composite) {
            for (Shape.Case one : composite.cases()) {
                if (canEnd(one.shape(), inside + 1)) {
                    return true;
                }
            }
            return false;
        }
        return !(shape instanceof Shape.Reference reference) || reference.up() > inside;
    }
}
