package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.codec.Samples.Colour;
import dev.ipcchannel.internal.codec.Samples.Figure;
import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.codec.Samples.Point;
import dev.ipcchannel.internal.codec.Samples.Primitives;
import dev.ipcchannel.internal.codec.Samples.Square;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The binary format, byte for byte, as docs/codec.md has it.
@Timeout(60)
@ParameterizedClass
@EnumSource(names = {"BINARY", "COMPOSED_BINARY"})
class BinaryFormatTest {

    private final Format format;

    BinaryFormatTest(Format format) {
        this.format = format;
    }

    private <T> void assertBytes(Class<T> type, T value, String hex) {
        assertBytes(format.plan(type), value, hex);
    }

    private <T> void assertBytes(Format.Of<T> type, T value, String hex) {
        assertBytes(format.plan(type), value, hex);
    }

    private static <T> void assertBytes(TypePlan<T> plan, T value, String hex) {
        assertThat(HexFormat.ofDelimiter(" ").formatHex(Format.encode(plan, value)))
                .isEqualTo(hex);
    }

    @Test
    void primitivesAreLittleEndianAndRecordsHaveNothingBetween() {
        assertBytes(Primitives.class,
                new Primitives(true, (byte) -2, (short) 0x1234, '€', 0x12345678, -2, 1.0f, -2.0),
                "01 fe 34 12 ac 20 78 56 34 12 fe ff ff ff ff ff ff ff 00 00 80 3f "
                        + "00 00 00 00 00 00 00 c0");
    }

    @Test
    void stringIsItsLengthAndUtf8() {
        assertBytes(String.class, "aä€", "06 61 c3 a4 e2 82 ac");
        assertBytes(String.class, "", "00");
        assertThat(Format.encode(format.plan(String.class), "x".repeat(128)))
                .startsWith(0x80, 0x01, 'x').hasSize(130);
    }

    @Test
    void arrayOfPrimitivesIsTheirNumberAndEach() {
        assertBytes(byte[].class, new byte[]{1, -1}, "02 01 ff");
        assertBytes(boolean[].class, new boolean[]{true, false}, "02 01 00");
        assertBytes(short[].class, new short[]{1}, "01 01 00");
        assertBytes(char[].class, new char[]{'a'}, "01 61 00");
        assertBytes(int[].class, new int[]{1, -1}, "02 01 00 00 00 ff ff ff ff");
        assertBytes(long[].class, new long[]{1}, "01 01 00 00 00 00 00 00 00");
        assertBytes(float[].class, new float[]{1}, "01 00 00 80 3f");
        assertBytes(double[].class, new double[]{1}, "01 00 00 00 00 00 00 f0 3f");
    }

    @Test
    void containerIsTheNumberOfElementsAndEach() {
        assertBytes(String[].class, new String[]{"a", ""}, "02 01 61 00");
        assertBytes(new Format.Of<List<Byte>>() {}, List.of((byte) 7), "01 07");
        assertBytes(new Format.Of<Set<Byte>>() {}, Set.of((byte) 7), "01 07");
        assertBytes(new Format.Of<Map<Byte, String>>() {}, Map.of((byte) 7, "a"), "01 07 01 61");
    }

    @Test
    void optionalIsZeroOrOneAndWhatItHolds() {
        assertBytes(new Format.Of<Optional<String>>() {}, Optional.empty(), "00");
        assertBytes(new Format.Of<Optional<String>>() {}, Optional.of("a"), "01 01 61");
        assertBytes(OptionalInt.class, OptionalInt.of(5), "01 05 00 00 00");
    }

    @Test
    void enumIsThePlaceOfItsConstant() {
        assertBytes(Colour.class, Colour.BLUE, "02");
    }

    @Test
    void recordIsItsComponents() {
        assertBytes(Item.class, new Item("a", 1), "01 61 01 00 00 00");
    }

    @Test
    void recordWithoutComponentsIsAZero() {
        assertBytes(Point.class, new Point(), "00");
        assertBytes(new Format.Of<List<Point>>() {}, List.of(new Point(), new Point()), "02 00 00");
    }

    @Test
    void caseOfASealedInterfaceIsItsPlaceAndItsComponents() {
        // Circle, Colour, Group, and those of Polygon: Square, Point
        assertBytes(Figure.class, Colour.GREEN, "01 01");
        assertBytes(Figure.class, new Square(5), "03 05 00 00 00");
        assertBytes(Figure.class, new Point(), "04 00");
    }

    @Test
    void largeNumbersAreTwosComplementInNetworkOrder() {
        assertBytes(BigInteger.class, BigInteger.valueOf(-256), "02 ff 00");
        assertBytes(BigDecimal.class, new BigDecimal("1.50"), "02 00 00 00 02 00 96");
    }

    @Test
    void identifiersAreTheirBitsOrTheirText() {
        assertBytes(UUID.class, new UUID(1, 2),
                "01 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00");
        assertBytes(URI.class, URI.create("a:b"), "03 61 3a 62");
    }

    @Test
    void timesAreTheirNumbers() {
        LocalDate date = LocalDate.of(2026, 11, 21);
        String dateBytes = "ea 07 00 00 0b 15";
        String timeBytes = "01 00 00 00 00 00 00 00";
        LocalDateTime dateTime = date.atTime(LocalTime.ofNanoOfDay(1));
        assertBytes(Instant.class, Instant.ofEpochSecond(1, 2),
                "01 00 00 00 00 00 00 00 02 00 00 00");
        assertBytes(Duration.class, Duration.ofNanos(-1),
                "ff ff ff ff ff ff ff ff ff c9 9a 3b");
        assertBytes(LocalDate.class, date, dateBytes);
        assertBytes(LocalTime.class, LocalTime.ofNanoOfDay(1), timeBytes);
        assertBytes(LocalDateTime.class, dateTime, dateBytes + " " + timeBytes);
        assertBytes(OffsetDateTime.class, dateTime.atOffset(ZoneOffset.ofHours(1)),
                dateBytes + " " + timeBytes + " 10 0e 00 00");
        assertBytes(ZonedDateTime.class, dateTime.atZone(ZoneId.of("UTC")),
                dateBytes + " " + timeBytes + " 00 00 00 00 03 55 54 43");
        assertBytes(ZoneId.class, ZoneId.of("UTC"), "03 55 54 43");
        assertBytes(ZoneOffset.class, ZoneOffset.ofHours(1), "10 0e 00 00");
        assertBytes(Year.class, Year.of(2026), "ea 07 00 00");
        assertBytes(YearMonth.class, YearMonth.of(2026, 11), "ea 07 00 00 0b");
        assertBytes(MonthDay.class, MonthDay.of(11, 21), "0b 15");
        assertBytes(Period.class, Period.of(1, 2, -1),
                "01 00 00 00 02 00 00 00 ff ff ff ff");
    }
}
