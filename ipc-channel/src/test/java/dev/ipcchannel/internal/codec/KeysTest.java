package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.codec.Samples.Colour;
import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.codec.Samples.Tree;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The counts of keys, and the keys that need no count.
@Timeout(60)
class KeysTest {

    private static final long SEED = 20261128;

    /// A key whose sums often meet.
    record Spot(int x, int y) {}

    /// Sets and maps in each other, up to three deep.
    record Bag(Set<Set<Spot>> sets, Map<Set<Spot>, Map<Spot, Integer>> maps, List<Bag> bags,
            Set<Optional<Bag>> deep) {}

    /// A key that is sorted where it stands in a tree, and counts how often.
    private record Sorted(int number) implements Comparable<Sorted> {

        private static long comparisons;

        @Override
        public int hashCode() {
            return 7;
        }

        @Override
        public boolean equals(Object other) {
            comparisons++;
            return other instanceof Sorted sorted && number == sorted.number;
        }

        @Override
        public int compareTo(Sorted other) {
            comparisons++;
            return Integer.compare(number, other.number);
        }
    }

    private static Keys.Kind kind(Type key) {
        return Keys.Kind.of(ShapeSearch.of(key, EndType.Search.none(), null));
    }

    @Test
    void kindFollowsFromTheType() {
        assertThat(kind(String.class)).isEqualTo(Keys.Kind.SIMPLE);
        assertThat(kind(Double.class)).isEqualTo(Keys.Kind.SIMPLE);
        assertThat(kind(Colour.class)).isEqualTo(Keys.Kind.SIMPLE);
        assertThat(kind(Item.class)).isEqualTo(Keys.Kind.FLAT);
        assertThat(kind(Tree.class)).as("inside of itself by a list").isEqualTo(Keys.Kind.FLAT);
        assertThat(kind(new Format.Of<List<Optional<Item>>>() {}.type()))
                .isEqualTo(Keys.Kind.FLAT);
        assertThat(kind(new Format.Of<List<Set<Item>>>() {}.type())).isEqualTo(Keys.Kind.DEEP);
        assertThat(kind(Bag.class)).isEqualTo(Keys.Kind.DEEP);
        assertThat(kind(new Format.Of<Set<Item>[]>() {}.type()))
                .as("compared as an object").isEqualTo(Keys.Kind.FLAT);
    }

    /// The JDK's promise on which [Keys] builds where it does not count strings.
    @Test
    void tableOfTheJdkSortsComparableKeysOfOneHashCode() {
        int count = 10_000;
        Sorted.comparisons = 0;
        Set<Sorted> set = new LinkedHashSet<>();
        IntStream.range(0, count).forEach(number -> set.add(new Sorted(number)));

        assertThat(set).hasSize(count);
        assertThat(Sorted.comparisons).isLessThanOrEqualTo((long) Effort.PER_BYTE * count);
    }

    @Test
    void senderAndReceiverCountTheSame() {
        var random = new Random(SEED);
        TypePlan<Bag> plan = Format.BINARY.plan(Bag.class);
        for (int round = 0; round < 200; round++) {
            Bag bag = bag(random, 3);
            ByteSink sink = new ByteSink();
            plan.encode(bag, sink);
            ByteSource source = new ByteSource(sink.head(), 0, sink.length());

            assertThat(plan.decode(source)).isEqualTo(bag);
            assertThat(source.effort().work()).as("seed=%d, round=%d", SEED, round)
                    .isEqualTo(sink.effort().work());
        }
    }

    @Test
    void senderAndReceiverCountTheSameInJson() throws IOException {
        var random = new Random(SEED);
        JsonForm form = JsonForms.of(ShapeSearch.of(Bag.class, EndType.Search.none(), null));
        for (int round = 0; round < 100; round++) {
            Bag bag = bag(random, 3);
            ByteSink sink = new ByteSink();
            JsonSink out = new JsonSink(sink);
            form.write(bag, out);
            out.finish();
            JsonSource in = new JsonSource(new ByteSource(sink.head(), 0, sink.length()));

            assertThat(form.read(in)).isEqualTo(bag);
            assertThat(in.effort().work()).as("seed=%d, round=%d", SEED, round)
                    .isEqualTo(out.effort().work());
            assertThat(in.weight()).isEqualTo(out.weight()).isLessThanOrEqualTo(sink.length());
        }
    }

    private static Bag bag(Random random, int levels) {
        Set<Set<Spot>> sets = new LinkedHashSet<>();
        Map<Set<Spot>, Map<Spot, Integer>> maps = new LinkedHashMap<>();
        for (int i = random.nextInt(40); i > 0; i--) {
            sets.add(spots(random));
            maps.put(spots(random), Map.of(spot(random), i));
        }
        Set<Optional<Bag>> deep = new LinkedHashSet<>();
        for (int i = levels == 0 ? 0 : random.nextInt(4); i > 0; i--) {
            deep.add(Optional.of(bag(random, levels - 1)));
        }
        List<Bag> bags = levels == 0 ? List.of() : List.of(bag(random, levels - 1));
        return new Bag(sets, maps, bags, deep);
    }

    private static Set<Spot> spots(Random random) {
        Set<Spot> spots = new LinkedHashSet<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            spots.add(spot(random));
        }
        return spots;
    }

    private static Spot spot(Random random) {
        return new Spot(random.nextInt(3), random.nextInt(70));
    }
}
