package dev.ipcchannel.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Circle;
import dev.ipcchannel.internal.codec.Samples.Colour;
import dev.ipcchannel.internal.codec.Samples.Figure;
import dev.ipcchannel.internal.codec.Samples.Group;
import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.codec.Samples.Point;
import dev.ipcchannel.internal.codec.Samples.Primitives;
import dev.ipcchannel.internal.value.CodecException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.Year;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The JSON format, as docs/codec.md has it, and how strictly it is read.
@Timeout(60)
class JsonFormatTest {

    private static <T> void assertText(Class<T> type, T value, String text) {
        assertText(Format.JSON.plan(type), value, text);
    }

    private static <T> void assertText(Format.Of<T> type, T value, String text) {
        assertText(Format.JSON.plan(type), value, text);
    }

    private static <T> void assertText(TypePlan<T> plan, T value, String text) {
        assertThat(new String(Format.encode(plan, value), UTF_8)).isEqualTo(text);
    }

    private static void assertRefused(Class<?> type, String text, String message) {
        assertThatThrownBy(() -> Format.decode(Format.JSON.plan(type), text.getBytes(UTF_8)))
                .isInstanceOf(CodecException.class).hasMessageContaining(message);
    }

    @Test
    void recordIsAnObjectAndPrimitivesAreNumbersBooleansAndStrings() {
        assertText(Primitives.class,
                new Primitives(true, (byte) -2, (short) 3, '€', 4, 5, 1.5f, -0.0),
                "{\"bool\":true,\"i8\":-2,\"i16\":3,\"character\":\"€\",\"i32\":4,\"i64\":5,"
                        + "\"f32\":1.5,\"f64\":-0.0}");
    }

    @Test
    void numbersThatJsonLacksAreStrings() {
        assertText(double[].class,
                new double[]{Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY},
                "[\"NaN\",\"Infinity\",\"-Infinity\"]");
    }

    @Test
    void bytesAreBase64() {
        assertText(byte[].class, new byte[]{1, 2, 3, 4}, "\"AQIDBA==\"");
    }

    @Test
    void caseOfASealedInterfaceIsNamedFirst() {
        assertText(Figure.class,
                new Group(List.of(new Circle(1), Colour.GREEN, new Point())),
                "{\"$type\":\"Group\",\"figures\":[{\"$type\":\"Circle\",\"radius\":1.0},"
                        + "{\"$type\":\"Colour\",\"$value\":\"GREEN\"},{\"$type\":\"Point\"}]}");
    }

    @Test
    void optionalIsNullOrWhatItHolds() {
        assertText(new Format.Of<Optional<String>>() {}, Optional.empty(), "null");
        assertText(new Format.Of<Optional<String>>() {}, Optional.of("a"), "\"a\"");
        assertText(new Format.Of<Optional<Optional<String>>>() {}, Optional.of(Optional.empty()),
                "[null]");
    }

    @Test
    void mapIsAnObjectIfItsKeysHaveTexts() {
        assertText(new Format.Of<Map<String, Integer>>() {}, Map.of("a", 1), "{\"a\":1}");
        assertText(new Format.Of<Map<Colour, Integer>>() {}, Map.of(Colour.RED, 1), "{\"RED\":1}");
        assertText(new Format.Of<Map<Long, Integer>>() {}, Map.of(-1L, 1), "{\"-1\":1}");
        assertText(new Format.Of<Map<Point, Integer>>() {}, Map.of(new Point(), 1), "[[{},1]]");
    }

    @Test
    void timesAndLargeNumbersAreStrings() {
        assertText(Instant.class, Instant.EPOCH, "\"1970-01-01T00:00:00Z\"");
        assertText(BigDecimal.class, new BigDecimal("1.50"), "\"1.50\"");
        assertText(Year.class, Year.of(5), "\"5\"");
        assertText(YearMonth.class, YearMonth.of(12345, 1), "\"+12345-01\"");
    }

    @Test
    void componentsMayComeInAnyOrder() {
        Item item = Format.decode(Format.JSON.plan(Item.class),
                " { \"count\" : 1 ,\n\"name\" : \"a\" } ".getBytes(UTF_8));

        assertThat(item).isEqualTo(new Item("a", 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'name':'a'}|Item.count is missing",
        "{'name':'a','count':1,'more':2}|Item has a component that its type lacks: name='more'",
        "{'name':'a','name':'b','count':1}|Item.name is there twice",
        "{'name':1,'count':1}|Item.name is a number, not a string",
        "{'name':null,'count':1}|Item.name is null, not a string",
        "{'name':'a','count':'1'}|Item.count is a string, not a number",
        "{'name':'a','count':1.0}|Item.count is no i32: number='1.0'",
        "{'name':'a','count':2147483648}|Item.count is no i32: number='2147483648'",
        "{'name':'a','count':1}x|Item is not well-formed JSON",
        "{'name':'a','count':1}{}|Item is not well-formed JSON",
        "{'name':'a','count':1|Item is not well-formed JSON",
        "{name:'a','count':1}|Item is not well-formed JSON",
        "{'name':'\\ud800','count':1}|Item.name is not well-formed JSON: line 1 column 17 path"
                + " $.name",
        "[]|Item is an array, not an object",
        "[|Item is an array, not an object",
        "``|Item is not well-formed JSON",
    })
    void whatDoesNotFitIsNamedWithItsPath(String text, String message) {
        assertRefused(Item.class, text.replace('\'', '"'), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999", "NaN", "\"nan\"", "\"0x1p3\"", "\"1\"", "true",
        "01", "1f", "+1"})
    void noNumberIsRefused(String text) {
        assertRefused(double.class, text, "double is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"128", "-129", "1e2", "9223372036854775808"})
    void numberOutOfRangeIsRefused(String text) {
        assertRefused(byte.class, text, "byte is no i8: number='" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"ab\"", "1"})
    void charIsAStringOfOne(String text) {
        assertRefused(char.class, text, "char is");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{'$type':'Cube'}|Figure is no case: name='Cube'",
        "{'radius':1,'$type':'Circle'}|Figure has another member where $type belongs",
        "{}|Figure is the end of an object, not a name",
        "{'$type':'Colour','$value':'PINK'}|Figure is no constant: name='PINK'"})
    void caseOfASealedInterfaceMustBeOneOfIts(String text, String message) {
        assertRefused(Figure.class, text.replace('\'', '"'), message);
    }

    @Test
    void numberOfMoreCharsThanTheLimitIsRefused() {
        assertRefused(BigDecimal.class, "\"" + "0".repeat(10_001) + "\"",
                "BigDecimal is too long a number: chars=10001, limit=10000");
        assertRefused(BigDecimal.class, "\"" + "9".repeat(10_000) + "\"",
                "BigDecimal is too long a number: bytes=4153, limit=4096");
        assertRefused(BigDecimal.class, "\"1E+10001\"",
                "BigDecimal has too large a scale: scale=-10001, limit=10000");
    }

    @Test
    void keysThatAreEqualAreRefusedHoweverTheyAreWritten() {
        TypePlan<Map<Long, Integer>> plan = Format.JSON.plan(new Format.Of<>() {});

        assertThatThrownBy(() -> Format.decode(plan, "{\"1\":1,\"01\":1}".getBytes(UTF_8)))
                .isInstanceOf(CodecException.class)
                .hasMessage("Map<Long, Integer>[1].key is in the map already");
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        assertThatThrownBy(() -> Format.decode(Format.JSON.plan(String.class),
                new byte[]{'"', (byte) 0xFF, '"'})).isInstanceOf(CodecException.class)
                .hasMessage("String is not UTF-8: length=3");
    }
}
