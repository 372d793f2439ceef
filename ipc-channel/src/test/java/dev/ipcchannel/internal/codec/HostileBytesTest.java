package dev.ipcchannel.internal.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Colour;
import dev.ipcchannel.internal.codec.Samples.Figure;
import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.codec.Samples.Point;
import dev.ipcchannel.internal.value.CodecException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Each field of the binary format, corrupted.
@Timeout(60)
@ParameterizedClass
@EnumSource(names = {"BINARY", "COMPOSED_BINARY"})
class HostileBytesTest {

    private final Format format;

    HostileBytesTest(Format format) {
        this.format = format;
    }

    private void assertRefused(Type type, String hex, String message) {
        TypePlan<Object> plan = format.plan(type, EndType.Search.none());
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
        assertThatThrownBy(() -> Format.decode(plan, bytes)).isInstanceOf(CodecException.class)
                .hasMessage(message);
    }

    private void assertRefused(Format.Of<?> type, String hex, String message) {
        assertRefused(type.type(), hex, message);
    }

    @Test
    void messageThatIsCutShortIsRefusedWithThePath() {
        assertRefused(Item.class, "", "Item.name is cut short: needed=1, left=0");
        assertRefused(Item.class, "02 61",
                "Item.name is cut short: count=2, bytes each=1, left=1");
        assertRefused(Item.class, "01 61 01 00 00", "Item.count is cut short: needed=4, left=3");
    }

    @Test
    void countBeyondWhatIsLeftIsRefusedBeforeAnythingIsMade() {
        String problem = " is cut short: count=4294967295, bytes each=%d, left=0";
        String count = "ff ff ff ff 0f";

        assertRefused(new Format.Of<List<String>>() {}, count,
                "List<String>" + problem.formatted(1));
        assertRefused(new Format.Of<Set<String>>() {}, count,
                "Set<String>" + problem.formatted(1));
        assertRefused(new Format.Of<Map<String, String>>() {}, count,
                "Map<String, String>" + problem.formatted(2));
        assertRefused(String[].class, count, "String[]" + problem.formatted(1));
        assertRefused(long[].class, count, "long[]" + problem.formatted(8));
        assertRefused(boolean[].class, count, "boolean[]" + problem.formatted(1));
    }

    @Test
    void placeThatNoConstantAndNoCaseHasIsRefused() {
        assertRefused(Colour.class, "03", "Colour is no constant: ordinal=3, constants=3");
        assertRefused(Colour.class, "ff ff ff ff ff ff ff ff ff 01",
                "Colour is no constant: ordinal=18446744073709551615, constants=3");
        assertRefused(Figure.class, "05", "Figure is no case: index=5, cases=5");
        assertRefused(Figure.class, "01 03", "Figure is no constant: ordinal=3, constants=3");
    }

    @Test
    void valueThatIsThereTwiceIsRefused() {
        assertRefused(new Format.Of<Set<String>>() {}, "02 01 61 01 61",
                "Set<String>[1] is in the set already");
        assertRefused(new Format.Of<Map<String, String>>() {}, "02 01 61 00 01 61 00",
                "Map<String, String>[1].key is in the map already");
    }

    @Test
    void byteThatIsNeitherZeroNorOneIsRefused() {
        assertRefused(boolean.class, "02", "boolean is neither 0 nor 1: byte=2");
        assertRefused(new Format.Of<Optional<String>>() {}, "02",
                "Optional<String> is neither 0 nor 1: byte=2");
        assertRefused(Point.class, "01", "Point has no components, but a byte: byte=1");
    }

    @Test
    void numbersThatAreNoTimeAreRefused() {
        assertRefused(Instant.class, "00 00 00 00 00 00 00 00 00 ca 9a 3b",
                "Instant has nanoseconds of more than a second: nanos=1000000000");
        assertRefused(MonthDay.class, "02 1e",
                "MonthDay is no monthday: reason=Illegal value for DayOfMonth field, "
                        + "value 30 is not valid for month FEBRUARY");
        assertRefused(LocalDate.class, "ea 07 00 00 0d 01",
                "LocalDate is no date: reason=Invalid value for MonthOfYear "
                        + "(valid values 1 - 12): 13");
        assertRefused(ZoneId.class, "03 58 2f 59",
                "ZoneId is no zone: reason=Unknown time-zone ID: X/Y");
    }

    @Test
    void largeNumberOfNoOrTooManyBytesIsRefused() {
        assertRefused(BigInteger.class, "00",
                "BigInteger is no biginteger: reason=Zero length BigInteger");
        assertRefused(BigInteger.class, "81 20" + " 01".repeat(4097),
                "BigInteger is too long a number: bytes=4097, limit=4096");
        assertRefused(BigDecimal.class, "00 00 00 80 01 01",
                "BigDecimal has too large a scale: scale=-2147483648, limit=10000");
    }
}
