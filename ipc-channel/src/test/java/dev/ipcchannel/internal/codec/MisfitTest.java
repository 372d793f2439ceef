package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.value.CodecException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A value of another class than its type says, which raw types and unchecked casts let in: it is
/// named with its place, in every format, and never sent as something else.
@Timeout(60)
@ParameterizedClass
@EnumSource
@SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the tests
class MisfitTest {

    private static final String ADVICE = ": look for a raw type or an unchecked cast";

    private final Format format;

    MisfitTest(Format format) {
        this.format = format;
    }

    sealed interface Move permits Walk, Rest, Pace {}

    record Walk(int steps) implements Move {}

    record Rest() implements Move {}

    enum Pace implements Move {
        SLOW
    }

    record Strange(int size) {}

    record Trip(List<Move> moves, Map<Item, Set<LocalDate>> days, Optional<Item> best) {}

    record Chain(String name, Optional<Chain> next, List<Integer> numbers) {}

    record Flags(List<Boolean> flags, List<Character> letters, Map<Integer, Double> weights) {}

    record Odd(int number) {

        @Override
        public int number() {
            throw new ClassCastException("an accessor's own");
        }
    }

    private <T> void assertRefused(TypePlan<T> plan, Object value, String message) {
        assertThatThrownBy(() -> Format.encode((TypePlan) plan, value))
                .isInstanceOf(CodecException.class).hasMessage(message + ADVICE);
    }

    @Test
    void messageOfAnotherClassIsNamedByTheTypeThatItShouldBeOf() {
        assertRefused(format.plan(Item.class), 1,
                "a message must be of type Item: given=java.lang.Integer");
        assertRefused(format.plan(Item.class), new Strange(3),
                "a message must be of type Item: given=" + Strange.class.getName());
        assertRefused(format.plan(Move.class), "on",
                "a message must be of type Move: given=java.lang.String");
        assertRefused(format.plan(Integer.class), 1L,
                "a message must be of type Integer: given=java.lang.Long");
        assertRefused(format.plan(LocalDate.class), 1,
                "a message must be of type LocalDate: given=java.lang.Integer");
        assertRefused(format.plan(new Format.Of<List<Item>>() {}), new Item[0],
                "a message must be of type List: given=" + Item[].class.getTypeName());
        assertRefused(format.plan(int[].class), new long[1],
                "a message must be of type int[]: given=long[]");
    }

    @Test
    void recordWithoutComponentsIsNoneOfAnotherClass() {
        assertRefused(format.plan(Rest.class), 1,
                "a message must be of type Rest: given=java.lang.Integer");
    }

    private static Trip trip(List moves, Map days, Optional best) {
        return new Trip(moves, days, best);
    }

    @Test
    void valueInsideIsNamedByItsPlace() {
        TypePlan<Trip> plan = format.plan(Trip.class);
        Item item = new Item("a", 1);
        List<Move> moves = List.of(new Walk(1), new Rest(), Pace.SLOW);

        assertRefused(plan, trip(List.of(new Walk(1), new Strange(1)), Map.of(), Optional.empty()),
                "Trip.moves[1] must be of type Move: given=" + Strange.class.getName());
        assertRefused(plan, trip(moves, Map.of("one", Set.of()), Optional.empty()),
                "Trip.days[0].key must be of type Item: given=java.lang.String");
        assertRefused(plan, trip(moves, Map.of(item, Set.of("today")), Optional.empty()),
                "Trip.days[0].value[0] must be of type LocalDate: given=java.lang.String");
        assertRefused(plan, trip(moves, Map.of(item, List.of()), Optional.empty()),
                "Trip.days[0].value must be of type Set: given="
                        + List.of().getClass().getName());
        assertRefused(plan, trip(moves, Map.of(), Optional.of(7)),
                "Trip.best must be of type Item: given=java.lang.Integer");
        Trip good = trip(moves, Map.of(item, Set.of(LocalDate.EPOCH)), Optional.of(item));
        assertThat(Format.roundTrip(plan, good)).isEqualTo(good);
    }

    @Test
    void valueInsideOfARecursiveTypeIsNamedByItsPlace() {
        Chain last = new Chain("b", Optional.empty(), (List) List.of(1, "two"));

        assertRefused(format.plan(Chain.class), new Chain("a", Optional.of(last), List.of()),
                "Chain.next.numbers[1] must be of type Integer: given=java.lang.String");
    }

    @Test
    void textOfAValueIsNotTakenForAnother() {
        TypePlan<Flags> plan = format.plan(Flags.class);

        assertRefused(plan, new Flags((List) List.of("true"), List.of(), Map.of()),
                "Flags.flags[0] must be of type Boolean: given=java.lang.String");
        assertRefused(plan, new Flags(List.of(), (List) List.of("ab"), Map.of()),
                "Flags.letters[0] must be of type Character: given=java.lang.String");
        assertRefused(plan, new Flags(List.of(), List.of(), (Map) Map.of("1", 1.0)),
                "Flags.weights[0].key must be of type Integer: given=java.lang.String");
        assertRefused(plan, new Flags(List.of(), List.of(), (Map) Map.of(1, 1)),
                "Flags.weights[0].value must be of type Double: given=java.lang.Integer");
    }

    @Test
    void castThatAnAccessorFailsAtIsTheAccessors() {
        assertThatThrownBy(() -> Format.encode(format.plan(Odd.class), new Odd(1)))
                .isInstanceOf(CodecException.class).hasMessage("Odd.number could not be read:"
                        + " reason=java.lang.ClassCastException: an accessor's own");
    }

    /// A list whose elements are right, and which throws what a cast throws.
    private static final class Moody extends ArrayList<Integer> {

        private static final long serialVersionUID = 1;

        @Override
        public int size() {
            throw new ClassCastException("a list's own");
        }
    }

    @Test
    void castThatAListFailsAtIsReportedAsItIs() {
        TypePlan<List<Integer>> plan = format.plan(new Format.Of<List<Integer>>() {});
        if (format == Format.JSON) { // which asks no size
            assertThat(Format.roundTrip(plan, new Moody())).isEqualTo(List.of());
            return;
        }

        assertThatThrownBy(() -> Format.encode(plan, new Moody()))
                .isInstanceOf(CodecException.class)
                .hasMessage("List<Integer> holds a value of a class that was not declared:"
                        + " reason=a list's own");
    }

    private record Tree(List<Tree> children) {}

    @Test
    void searchThroughAValueThatContainsItselfComesToAnEnd() {
        List<Tree> children = new ArrayList<>();
        Tree tree = new Tree(children);
        children.add(tree);
        children.add(tree);

        CodecException found =
                Misfit.at(ShapeSearch.of(Tree.class, EndType.Search.none(), null), tree,
                        new ClassCastException("met"), "Tree");

        assertThat(found).hasMessage(
                "Tree holds a value of a class that was not declared: reason=met");
    }
}
