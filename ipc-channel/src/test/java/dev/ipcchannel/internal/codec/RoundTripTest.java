package dev.ipcchannel.internal.codec;

import static dev.ipcchannel.internal.codec.Format.roundTrip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Colour;
import dev.ipcchannel.internal.codec.Samples.Figure;
import dev.ipcchannel.internal.codec.Samples.Node;
import dev.ipcchannel.internal.codec.Samples.Order;
import dev.ipcchannel.internal.codec.Samples.Pair;
import dev.ipcchannel.internal.codec.Samples.Point;
import dev.ipcchannel.internal.codec.Samples.Primitives;
import dev.ipcchannel.internal.codec.Samples.Tree;
import dev.ipcchannel.internal.codec.Samples.Wrappers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The way of values out and in again, in every format: they come back equal.
@Timeout(60)
@ParameterizedClass
@EnumSource
class RoundTripTest {

    private final Format format;

    RoundTripTest(Format format) {
        this.format = format;
    }

    private <T> void assertArrives(Class<T> type, T value) {
        assertThat(roundTrip(format.plan(type), value)).isEqualTo(value);
    }

    private <T> void assertArrives(Format.Of<T> type, T value) {
        assertThat(roundTrip(format.plan(type), value)).isEqualTo(value);
    }

    @Test
    void everyPrimitiveArrivesAtItsExtremes() {
        assertArrives(Primitives.class, new Primitives(true, Byte.MIN_VALUE, Short.MIN_VALUE,
                '\uffff', Integer.MIN_VALUE, Long.MIN_VALUE, Float.MIN_VALUE, Double.MAX_VALUE));
        assertArrives(Primitives.class, new Primitives(false, Byte.MAX_VALUE, Short.MAX_VALUE,
                '\0', Integer.MAX_VALUE, Long.MAX_VALUE, Float.NaN, Double.NEGATIVE_INFINITY));
    }

    @Test
    void everyWrapperArrives() {
        assertArrives(Wrappers.class,
                new Wrappers(true, (byte) -1, (short) -2, 'x', -3, -4L, -0.0f, Double.NaN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\0\n\"\\/\u2028</script>", "ä€\ud83d\ude00", "\ufffd"})
    void everyStringArrives(String text) {
        assertArrives(String.class, text);
        assertArrives(String.class, text.repeat(1000));
    }

    @Test
    void everyArrayOfPrimitivesArrives() {
        assertArrives(boolean[].class, new boolean[]{true, false});
        assertArrives(byte[].class, new byte[]{-1, 0, 1});
        assertArrives(short[].class, new short[]{-1, 256});
        assertArrives(char[].class, new char[]{'a', '€'});
        assertArrives(int[].class, new int[]{-1, 1 << 24});
        assertArrives(long[].class, new long[]{-1, 1L << 40});
        assertArrives(float[].class, new float[]{-0.0f, Float.POSITIVE_INFINITY, 0.1f});
        assertArrives(double[].class, new double[]{Double.NaN, 0.1});
        assertArrives(double[].class, new double[1000]);
        assertArrives(int[].class, new int[0]);
    }

    @Test
    void arraysOfObjectsArriveWithTheirClass() {
        assertArrives(String[].class, new String[]{"a", ""});
        assertArrives(int[][].class, new int[][]{{1}, {}});
        assertArrives(Integer[].class, new Integer[]{1, 2});
        Pair<String, List<Integer>[]> pair = new Pair<>("x", arrayOf(List.of(1), List.of()));

        Pair<String, List<Integer>[]> arrived =
                roundTrip(format.plan(new Format.Of<Pair<String, List<Integer>[]>>() {}), pair);

        assertThat(arrived.second()).isExactlyInstanceOf(List[].class).isEqualTo(pair.second());
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is what is wanted
    private static <T> T[] arrayOf(T... elements) {
        return elements;
    }

    @Test
    void collectionsArriveInTheirOrderAndCannotBeChanged() {
        Set<Integer> set = new LinkedHashSet<>(List.of(3, 1, 2));
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);

        Set<Integer> arrivedSet = roundTrip(format.plan(new Format.Of<Set<Integer>>() {}), set);
        Map<String, Integer> arrivedMap =
                roundTrip(format.plan(new Format.Of<Map<String, Integer>>() {}), map);
        List<String> arrivedList =
                roundTrip(format.plan(new Format.Of<List<String>>() {}), List.of("a"));

        assertThat(arrivedSet).containsExactlyElementsOf(set);
        assertThat(arrivedMap).containsExactlyEntriesOf(map);
        assertThatThrownBy(() -> arrivedSet.add(4))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> arrivedMap.put("b", 4))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> arrivedList.set(0, "b"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void everyKindOfCollectionArrives() {
        assertArrives(new Format.Of<Collection<String>>() {}, List.of("a", "b"));
        assertArrives(new Format.Of<SequencedCollection<String>>() {}, List.of("a", "b"));
    }

    @Test
    void listLongerThanTheFirstRoomArrives() {
        List<Integer> numbers = java.util.stream.IntStream.range(0, 1000).boxed().toList();
        assertArrives(new Format.Of<List<Integer>>() {}, numbers);
    }

    @Test
    void mapsWithKeysOfEveryKindArrive() {
        assertArrives(new Format.Of<Map<Colour, String>>() {}, Map.of(Colour.GREEN, "g"));
        assertArrives(new Format.Of<Map<Long, String>>() {}, Map.of(-1L, "minus one"));
        assertArrives(new Format.Of<Map<Double, String>>() {}, Map.of(Double.NaN, "nan"));
        assertArrives(new Format.Of<Map<Point, String>>() {}, Map.of(new Point(), "there"));
        assertArrives(new Format.Of<Map<Boolean, String>>() {}, Map.of(true, "yes"));
        assertArrives(new Format.Of<Map<List<String>, Integer>>() {}, Map.of(List.of("a"), 1));
    }

    @Test
    void optionalsArriveFullAndEmpty() {
        assertArrives(new Format.Of<Optional<String>>() {}, Optional.of(""));
        assertArrives(new Format.Of<Optional<String>>() {}, Optional.empty());
        assertArrives(new Format.Of<Optional<Optional<String>>>() {},
                Optional.of(Optional.empty()));
        assertArrives(new Format.Of<Optional<Optional<String>>>() {}, Optional.empty());
        assertArrives(new Format.Of<Optional<Optional<String>>>() {},
                Optional.of(Optional.of("x")));
        assertArrives(OptionalInt.class, OptionalInt.of(-1));
        assertArrives(OptionalLong.class, OptionalLong.of(-1));
        assertArrives(OptionalDouble.class, OptionalDouble.of(0.5));
        assertArrives(OptionalInt.class, OptionalInt.empty());
    }

    @Test
    void timesArriveAtTheirExtremes() {
        assertArrives(Instant.class, Instant.MIN);
        assertArrives(Instant.class, Instant.MAX);
        assertArrives(Duration.class, Duration.ofSeconds(Long.MIN_VALUE));
        assertArrives(Duration.class, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        assertArrives(Duration.class, Duration.ofNanos(-1));
        assertArrives(LocalDate.class, LocalDate.MIN);
        assertArrives(LocalDate.class, LocalDate.MAX);
        assertArrives(LocalTime.class, LocalTime.MAX);
        assertArrives(LocalDateTime.class, LocalDateTime.MIN);
        assertArrives(OffsetDateTime.class, OffsetDateTime.MAX);
        assertArrives(Year.class, Year.of(Year.MIN_VALUE));
        assertArrives(Year.class, Year.of(5));
        assertArrives(YearMonth.class, YearMonth.of(Year.MAX_VALUE, 12));
        assertArrives(YearMonth.class, YearMonth.of(-12, 1));
        assertArrives(MonthDay.class, MonthDay.of(2, 29));
        assertArrives(Period.class, Period.of(-1, Integer.MAX_VALUE, Integer.MIN_VALUE));
        assertArrives(ZoneOffset.class, ZoneOffset.MIN);
        assertArrives(ZoneId.class, ZoneId.of("Europe/Paris"));
        assertArrives(ZoneId.class, ZoneOffset.UTC);
    }

    @Test
    void zonedTimeArrivesInTheHourThatTheClockSaysTwice() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        ZonedDateTime first = ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 1, berlin);

        assertArrives(ZonedDateTime.class, first);
        assertArrives(ZonedDateTime.class, first.withLaterOffsetAtOverlap());
    }

    @Test
    void identifiersAndLargeNumbersArrive() {
        assertArrives(UUID.class, new UUID(-1, 1));
        assertArrives(BigInteger.class, BigInteger.TWO.pow(4096 * 8 - 1).subtract(BigInteger.ONE));
        assertArrives(BigInteger.class, BigInteger.TWO.pow(4096 * 8 - 1).negate());
        assertArrives(BigDecimal.class,
                new BigDecimal(BigInteger.TEN.pow(9000), -10_000));
        assertArrives(BigDecimal.class, new BigDecimal(BigInteger.ONE, 10_000));
        assertArrives(BigDecimal.class, new BigDecimal("-1.50"));
        assertArrives(URI.class, URI.create("ipc:/a?b=%20#c"));
    }

    @Test
    void recordsOfEverythingArrive() {
        Order arrived = roundTrip(format.plan(Order.class), Samples.ORDER);

        assertThat(arrived).usingRecursiveComparison().isEqualTo(Samples.ORDER);
    }

    @Test
    void recursiveTypesArrive() {
        assertArrives(Node.class, new Node(1, Optional.of(new Node(2, Optional.empty()))));
        assertArrives(Tree.class, new Tree("a", List.of(new Tree("b", List.of()),
                new Tree("c", List.of(new Tree("d", List.of()))))));
    }

    @Test
    void enumConstantsArriveAsCasesToo() {
        for (Colour colour : Colour.values()) {
            assertArrives(Colour.class, colour);
            assertArrives(Figure.class, colour);
        }
    }

    @Test
    void localRecordArrives() {
        record Local(String text) {}

        assertArrives(Local.class, new Local("here"));
    }

    @Test
    void recordOfManyComponentsArrives() {
        record Wide(long a0, long a1, long a2, long a3, long a4, long a5, long a6, long a7,
                long b0, long b1, long b2, long b3, long b4, long b5, long b6, long b7,
                long c0, long c1, long c2, long c3, long c4, long c5, long c6, long c7,
                long d0, long d1, long d2, long d3, long d4, long d5, long d6, long d7,
                long e0, long e1, long e2, long e3, long e4, long e5, long e6, long e7,
                long f0, long f1, long f2, long f3, long f4, long f5, long f6, long f7,
                long g0, long g1, long g2, long g3, long g4, long g5, long g6, long g7,
                long h0, long h1, long h2, long h3, long h4, long h5, long h6, long h7) {}

        assertArrives(Wide.class, new Wide(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, //
                1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, //
                1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8));
    }
}
