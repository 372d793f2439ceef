package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ipcchannel.internal.value.CodecException;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The effort of hashing and comparing for a message: it is bounded by the message's bytes, however
/// the message is made, and a sender refuses what its receivers would. The effort is counted, not
/// timed.
@Timeout(120)
@ParameterizedClass
@EnumSource
class EffortTest {

    private static final int BYTES_OF_A_POINT = 8; // in JSON they are more
    private static final long FREE = 1_000_000;
    private static final long PER_BYTE = 64;

    private static long hashes;
    private static long comparisons;

    private final Format format;

    EffortTest(Format format) {
        this.format = format;
    }

    /// A key that counts the calls of its methods.
    record Point(int x, int y) {

        /// A point of many that all have the hash code 0.
        static Point colliding(int number) {
            return new Point(number, -31 * number);
        }

        @Override
        public int hashCode() {
            hashes++;
            return 31 * x + y;
        }

        @Override
        public boolean equals(Object other) {
            comparisons++;
            return other instanceof Point point && x == point.x && y == point.y;
        }
    }

    /// A record that is encoded like a map's entry.
    record Entry(Point key, int value) {}

    /// A nest of sets.
    record Nest(Set<Nest> inner, List<Point> load) {}

    /// A record that is encoded like a nest, but of which no table is made.
    record ListedNest(List<ListedNest> inner, List<Point> load) {}

    /// A set that never hashes.
    private static final class Listed<E> extends AbstractSet<E> {

        private final List<E> elements;

        Listed(List<E> elements) {
            this.elements = elements;
        }

        @Override
        public Iterator<E> iterator() {
            return elements.iterator();
        }

        @Override
        public int size() {
            return elements.size();
        }
    }

    @BeforeEach
    void startToCount() {
        hashes = 0;
        comparisons = 0;
    }

    private static List<Point> colliding(int count) {
        return IntStream.range(0, count).mapToObj(Point::colliding).toList();
    }

    private TypePlan<Set<Point>> sets() {
        return format.plan(new Format.Of<>() {});
    }

    private byte[] bytesOf(List<Point> points) {
        TypePlan<List<Point>> lists = format.plan(new Format.Of<>() {});
        return Format.encode(lists, points);
    }

    /// @param bytes of the message
    private static void assertBounded(int bytes) {
        long limit = 2 * (FREE + PER_BYTE * bytes) / BYTES_OF_A_POINT;
        assertThat(comparisons).as("comparisons").isLessThanOrEqualTo(limit);
        assertThat(hashes).as("hashes").isLessThanOrEqualTo(limit + bytes);
    }

    @Test
    void setOfElementsWithOneHashCodeIsRefusedBeforeAnyAreCompared() {
        byte[] bytes = bytesOf(colliding(5000));

        Throwable refusal = catchThrowable(() -> Format.decode(sets(), bytes));

        assertBounded(bytes.length);
        assertThat(refusal).isInstanceOf(CodecException.class).hasMessageMatching(
                "Set<Point> has elements or keys of which too many have one hash code, or are"
                        + " inside of each other: work=\\d+, limit=\\d+: give their class a"
                        + " hashCode with fewer collisions, or send lists");
        assertThat(comparisons).isZero();
    }

    @Test
    void setWhoseElementsCollideInManyGroupsIsRefused() {
        List<Point> points = new ArrayList<>();
        for (int group = 0; group < 100; group++) {
            for (int i = 0; i < 300; i++) {
                points.add(new Point(i, group - 31 * i));
            }
        }
        byte[] bytes = bytesOf(points);

        assertThat(catchThrowable(() -> Format.decode(sets(), bytes)))
                .isInstanceOf(CodecException.class);
        assertBounded(bytes.length);
    }

    @Test
    void mapOfKeysWithOneHashCodeIsRefused() {
        TypePlan<Map<Point, Integer>> maps = format.plan(new Format.Of<>() {});
        byte[] bytes = bytesOfMap(colliding(5000));

        assertThat(catchThrowable(() -> Format.decode(maps, bytes)))
                .isInstanceOf(CodecException.class);
        assertBounded(bytes.length);
    }

    private byte[] bytesOfMap(List<Point> keys) {
        if (format != Format.JSON) {
            TypePlan<List<Entry>> entries = format.plan(new Format.Of<>() {});
            return Format.encode(entries, keys.stream().map(key -> new Entry(key, 1)).toList());
        }
        StringBuilder json = new StringBuilder("[");
        for (Point key : keys) {
            json.append(json.length() == 1 ? "" : ",")
                    .append("[{\"x\":%d,\"y\":%d},1]".formatted(key.x(), key.y()));
        }
        return json.append(']').toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void senderRefusesWhatItsReceiversWouldRefuse() {
        assertThatThrownBy(() -> Format.encode(sets(), new Listed<>(colliding(5000))))
                .isInstanceOf(CodecException.class).hasMessageContaining("one hash code");
        assertThat(comparisons).isZero();
    }

    @Test
    void setsThatSpreadNoWorseThanPointsOfAGridArrive() {
        List<Point> grid = new ArrayList<>();
        for (int x = 0; x < 500; x++) {
            for (int y = 0; y < 500; y++) {
                grid.add(new Point(x, y));
            }
        }
        byte[] bytes = Format.encode(sets(), new Listed<>(grid));

        assertThat(Format.decode(sets(), bytes)).hasSize(grid.size());
        assertBounded(bytes.length);
    }

    @Test
    void smallSetsMayCollideAsTheyLikeAndAreBoundedTogether() {
        TypePlan<List<Set<Point>>> plan = format.plan(new Format.Of<>() {});
        List<Set<Point>> sets = IntStream.range(0, 200)
                .<Set<Point>>mapToObj(_ -> new Listed<>(colliding(129))).toList();
        byte[] bytes = Format.encode(plan, sets);

        assertThat(Format.decode(plan, bytes)).hasSize(sets.size());
        assertBounded(bytes.length);
    }

    @Test
    void setsInsideOfSetsAreNotHashedAgainAndAgain() {
        List<Point> load = IntStream.range(0, 50_000).mapToObj(i -> new Point(i, i)).toList();
        ListedNest nest = new ListedNest(List.of(), load);
        for (int i = 0; i < 240; i++) {
            nest = new ListedNest(List.of(nest), List.of());
        }
        byte[] bytes = Format.encode(format.plan(ListedNest.class), nest);

        assertThat(catchThrowable(() -> Format.decode(format.plan(Nest.class), bytes)))
                .isInstanceOf(CodecException.class).hasMessageContaining("inside of each other");
        assertBounded(bytes.length);
    }

    /// Each of the sets by itself has few elements. The difference between them lies deepest.
    @Test
    void comparisonsOfSetsInsideOfSetsDoNotMultiply() {
        List<ListedNest> top = List.of(tangle(3, 24, 0), tangle(3, 24, 1));
        TypePlan<List<ListedNest>> lists = format.plan(new Format.Of<>() {});
        byte[] bytes = Format.encode(lists, top);
        TypePlan<Set<Nest>> nests = format.plan(new Format.Of<>() {});

        assertThat(catchThrowable(() -> Format.decode(nests, bytes)))
                .isInstanceOf(CodecException.class);
        assertBounded(bytes.length);
    }

    /// Nests that all have one hash code, at each level.
    private static ListedNest tangle(int levels, int width, int last) {
        if (levels == 0) {
            return new ListedNest(List.of(), List.of(Point.colliding(last)));
        }
        List<ListedNest> inner = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            inner.add(tangle(levels - 1, width, i < width - 1 ? i : width + last));
        }
        return new ListedNest(inner, List.of());
    }

    /// Many of all the pairs and triples of small numbers have one sum, and so one hash code.
    @Test
    void setOfSetsWhoseSumsMeetArrives() {
        TypePlan<Set<Set<Integer>>> plan = format.plan(new Format.Of<>() {});
        List<Set<Integer>> pairs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            for (int j = 0; j < i; j++) {
                pairs.add(Set.of(i, j));
            }
        }
        byte[] bytes = Format.encode(plan, new Listed<>(pairs));

        assertThat(Format.decode(plan, bytes)).hasSize(pairs.size());
    }
}
