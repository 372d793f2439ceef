package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.value.CodecException;
import java.io.UncheckedIOException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Failures of foreign code in a plan: what a carrier throws for an end comes through every plan as
/// it is, and what an accessor or a constructor throws does not. A plan that has become hot gives
/// the same failures as before.
@Timeout(60)
@SuppressWarnings({"UnusedMethod", "ArrayRecordComponent"}) // a plan calls them; never compared
class ForeignFailuresTest {

    /// A stand-in for an end.
    private record Door(int number) {}

    private record Inner(int before, Door door, long after) {}

    private record Outer(String name, Inner inner) {}

    private record House(List<Outer> list, Set<Door> set, Map<String, Inner> map,
            Optional<Inner> perhaps, Outer[] row) {

        static House of(Door inList, Door inSet, Door inMap, Door perhaps, Door inRow) {
            return new House(List.of(outer(inList)), Set.of(inSet),
                    Map.of("key", new Inner(1, inMap, 2)), Optional.of(new Inner(1, perhaps, 2)),
                    new Outer[]{outer(inRow)});
        }
    }

    /// A record of the user's that throws what it likes.
    private record Moody(int number, Door door) {

        private static boolean isOut; // of order

        Moody {
            if (isOut && number == 2) {
                throw new FailureOfTheLayerAbove();
            }
        }

        @Override
        public Door door() {
            if (isOut && number == 1) {
                throw new FailureOfTheLayerAbove();
            }
            return door;
        }
    }

    /// The same record with a primitive.
    private record MoodyNumber(int number) {

        @Override
        public int number() {
            if (Moody.isOut) {
                throw new FailureOfTheLayerAbove();
            }
            return number;
        }
    }

    private record KnownType(Class<?> raw, String description) implements EndType {}

    private static final EndType DOOR = new KnownType(Door.class, "door");

    private static final EndType.Search DOORS = (raw, _, _) -> raw == Door.class ? DOOR : null;

    private static Outer outer(Door door) {
        return new Outer("name", new Inner(1, door, 2));
    }

    private static ByteSink sink(@Nullable RuntimeException failure) {
        ByteSink sink = new ByteSink();
        sink.setEnds(end -> {
            int number = ((Door) end).number();
            if (failure != null && number == 1) {
                throw failure;
            }
            return new EndWords(new long[]{number}, 0);
        });
        return sink;
    }

    private static ByteSource source(ByteSink sink, @Nullable RuntimeException failure) {
        byte[] bytes = sink.toByteArray();
        ByteSource source = new ByteSource(bytes, 0, bytes.length);
        source.setEnds((_, end) -> {
            if (failure != null && end.words()[0] == 1) {
                throw failure;
            }
            return new Door((int) end.words()[0]);
        });
        return source;
    }

    /// An exception of each kind that a carrier may throw, among them the library's, which this
    /// package does not know.
    static Stream<RuntimeException> failures() {
        return Stream.<Supplier<RuntimeException>>of(IllegalStateException::new,
                IllegalArgumentException::new, FailureOfTheLayerAbove::new,
                NullPointerException::new, UnsupportedOperationException::new,
                ConcurrentModificationException::new,
                () -> new UncheckedIOException(new java.io.IOException())).map(Supplier::get);
    }

    /// A stand-in for an exception of the layer above.
    @SuppressWarnings("serial")
    private static final class FailureOfTheLayerAbove extends RuntimeException {}

    @ParameterizedTest
    @MethodSource("failures")
    void failureOfAnEndComesThroughEveryPlanAsItIs(RuntimeException failure) {
        Door[] good = new Door[]{new Door(2), new Door(3), new Door(4), new Door(5), new Door(6)};
        for (Format format : Format.values()) {
            TypePlan<House> plan = format.plan(House.class, DOORS);
            for (int i = 0; i < good.length; i++) {
                Door[] doors = good.clone();
                doors[i] = new Door(1);
                House house = House.of(doors[0], doors[1], doors[2], doors[3], doors[4]);
                assertThatThrownBy(() -> plan.encode(house, sink(failure)))
                        .as("%s, door %d out", format, i).isSameAs(failure);

                ByteSink sink = sink(null);
                plan.encode(house, sink);
                assertThatThrownBy(() -> plan.decode(source(sink, failure)))
                        .as("%s, door %d in", format, i).isSameAs(failure);
                assertThat(plan.decode(source(sink, null)).set()).isEqualTo(house.set());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void failureOfARecordsOwnCodeIsACodecsInEveryPlan(Format format) {
        TypePlan<Moody> plan = format.plan(Moody.class, DOORS);
        ByteSink sink = sink(null);
        plan.encode(new Moody(2, new Door(2)), sink);
        try {
            Moody.isOut = true;
            assertThatThrownBy(() -> plan.encode(new Moody(1, new Door(2)), sink(null)))
                    .isInstanceOf(CodecException.class)
                    .hasCauseInstanceOf(FailureOfTheLayerAbove.class)
                    .hasMessageStartingWith("Moody.door could not be read: reason=");
            assertThatThrownBy(() -> format.plan(MoodyNumber.class, DOORS)
                    .encode(new MoodyNumber(1), sink(null)))
                    .isInstanceOf(CodecException.class)
                    .hasCauseInstanceOf(FailureOfTheLayerAbove.class)
                    .hasMessageStartingWith("MoodyNumber.number could not be read: reason=");
            assertThatThrownBy(() -> plan.decode(source(sink, null)))
                    .isInstanceOf(CodecException.class)
                    .hasCauseInstanceOf(FailureOfTheLayerAbove.class)
                    .hasMessageStartingWith("Moody refused its components: reason=");
        } finally {
            Moody.isOut = false;
        }
    }
}
