package dev.ipcchannel.internal.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Types that the tests send.
final class Samples {

    private Samples() {}

    /// A constant with a body has a class of its own.
    enum Colour implements Figure {
        RED, GREEN {
            @Override
            public String toString() {
                return "vert";
            }
        },
        BLUE
    }

    /// Cases of every kind.
    sealed interface Figure permits Circle, Colour, Group, Polygon {}

    /// A case with a primitive.
    record Circle(double radius) implements Figure {}

    /// A case that holds figures.
    record Group(List<Figure> figures) implements Figure {}

    /// A sealed interface inside a sealed interface.
    sealed interface Polygon extends Figure {}

    /// A case of two sealed interfaces.
    record Square(int side) implements Polygon {}

    /// A case without components.
    record Point() implements Polygon {}

    /// Every primitive, not in a wrapper.
    record Primitives(boolean bool, byte i8, short i16, char character, int i32, long i64,
            float f32, double f64) {}

    /// Every wrapper.
    record Wrappers(Boolean bool, Byte i8, Short i16, Character character, Integer i32, Long i64,
            Float f32, Double f64) {}

    /// A generic record.
    record Pair<A, B>(A first, B second) {}

    /// A list of itself.
    record Node(int id, Optional<Node> next) {}

    /// A tree.
    record Tree(String name, List<Tree> children) {}

    /// An item of an order.
    record Item(String name, int count) {}

    /// A bit of everything.
    @SuppressWarnings("ArrayRecordComponent") // the subject of tests
    record Order(long id, List<Item> items, Map<String, Item> byName, Set<Colour> colours,
            Optional<Figure> figure, Pair<String, List<Integer>> pair, Item[][] grid) {}

    static final Order ORDER = new Order(7, List.of(new Item("nut", 3), new Item("bölt", -1)),
            Map.of("x", new Item("x", 9)), Set.of(Colour.GREEN),
            Optional.of(new Group(List.of(new Circle(1.5), Colour.GREEN, new Square(2),
                    new Point(), new Group(List.of())))),
            new Pair<>("p", List.of(1, 2, 3)), new Item[][]{{new Item("a", 1)}, {}});
}
