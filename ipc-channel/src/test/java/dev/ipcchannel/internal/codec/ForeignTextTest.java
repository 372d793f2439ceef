package dev.ipcchannel.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Circle;
import dev.ipcchannel.internal.codec.Samples.Colour;
import dev.ipcchannel.internal.codec.Samples.Figure;
import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.codec.Samples.Tree;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.testing.ForeignText;
import java.lang.reflect.Type;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Text of another process in messages about unreadable bytes: in every message of every cause it
/// is short, in one line, and does nothing to a terminal.
@Timeout(120)
class ForeignTextTest {

    private static final String HOSTILE = ForeignText.hostile();

    /// A record that refuses its name, which its exception quotes.
    record Strict(String name) {
        Strict {
            throw new IllegalArgumentException("such a name: " + name);
        }
    }

    /// A value of each class of the JDK, and more than one place for text in it.
    record Stamp(ZonedDateTime time) {}

    private static void assertJsonFitToBeShown(Type type, String json) {
        TypePlan<Object> plan = Format.JSON.plan(type, EndType.Search.none());
        ForeignText.assertFailsFitToBeShown(() -> Format.decode(plan, json.getBytes(UTF_8)));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\u001b", "\\u001b").replace("\n", "\\n").replace("\r", "\\r")
                + '"';
    }

    @ParameterizedTest
    @ValueSource(classes = {UUID.class, BigInteger.class, BigDecimal.class, URI.class,
        Instant.class, Duration.class, LocalDate.class, LocalTime.class, LocalDateTime.class,
        OffsetDateTime.class, ZonedDateTime.class, ZoneId.class, ZoneOffset.class, Year.class,
        YearMonth.class, MonthDay.class, Period.class, char.class, byte[].class, Colour.class,
        double.class, float.class})
    void stringThatIsNoSuchValueIsShownInPart(Class<?> type) {
        assertJsonFitToBeShown(type, quoted(HOSTILE));
        assertJsonFitToBeShown(type, quoted(HOSTILE.substring(0, 40)));
        assertJsonFitToBeShown(type, quoted("2026-11-21T00:00Z[" + HOSTILE + "]"));
        assertJsonFitToBeShown(type, quoted("http://" + HOSTILE));
    }

    @Test
    void namesOfMembersAreShownInPart() {
        String name = quoted(HOSTILE);

        assertJsonFitToBeShown(Item.class, "{" + name + ":1}");
        assertJsonFitToBeShown(Figure.class, "{" + name + ":1}");
        assertJsonFitToBeShown(Figure.class, "{\"$type\":" + name + "}");
        assertJsonFitToBeShown(new Format.Of<Map<Colour, Integer>>() {}.type(),
                "{" + name + ":1}");
        assertJsonFitToBeShown(new Format.Of<Map<Integer, Integer>>() {}.type(),
                "{" + name + ":1}");
        assertJsonFitToBeShown(new Format.Of<Map<Double, Integer>>() {}.type(),
                "{" + name + ":1}");
    }

    @Test
    void textThatIsNoJsonAfterHostileNamesIsShownInPart() {
        String name = quoted(HOSTILE);
        Type maps = new Format.Of<Map<String, Map<String, Integer>>>() {}.type();

        assertJsonFitToBeShown(maps, "{" + name + ":{" + name + ":]}");
        assertJsonFitToBeShown(maps, "{" + name + ":{" + name + ":1e9999999999,");
        assertJsonFitToBeShown(maps, "{" + name + ":\"\\q\"}");
        assertJsonFitToBeShown(maps, HOSTILE);
        assertJsonFitToBeShown(String.class, '"' + HOSTILE); // with raw control characters
        assertJsonFitToBeShown(Circle.class, "{\"radius\":" + "9".repeat(1 << 20) + "}");
    }

    @ParameterizedTest
    @EnumSource(names = {"BINARY", "COMPOSED_BINARY"})
    void textInBinaryThatIsNoSuchValueIsShownInPart(Format format) {
        for (String text : new String[]{HOSTILE, HOSTILE.substring(0, 40), "http://" + HOSTILE}) {
            assertTextFitToBeShown(format, URI.class, 0, text);
            assertTextFitToBeShown(format, ZoneId.class, 0, text);
            assertTextFitToBeShown(format, Stamp.class, 18, text);
        }
    }

    /// @param before bytes of the value before the text: a date, a time and an offset, for example
    private static void assertTextFitToBeShown(Format format, Type type, int before, String text) {
        var sink = new ByteSink();
        if (before > 0) {
            sink.putInt(2026);
            sink.putByte(11);
            sink.putByte(21);
            sink.putBytes(new byte[before - 6]);
        }
        sink.putString(text);
        TypePlan<Object> plan = format.plan(type, EndType.Search.none());
        ForeignText.assertFailsFitToBeShown(
                () -> plan.decode(new ByteSource(sink.head(), 0, sink.length())));
    }

    /// The exception of a user's constructor is the cause as it is: only the library's own words
    /// are escaped.
    @ParameterizedTest
    @EnumSource
    void messageOfARecordsConstructorIsShownInPartAndItsExceptionIsTheCause(Format format) {
        byte[] bytes = Format.encode(format.plan(Item.class), new Item(HOSTILE, 1));
        byte[] name = format == Format.JSON
                ? ("{\"name\":" + quoted(HOSTILE) + "}").getBytes(UTF_8)
                : Arrays.copyOf(bytes, bytes.length - Integer.BYTES);

        assertThatThrownBy(() -> Format.decode(format.plan(Strict.class), name))
                .isInstanceOf(CodecException.class).hasCauseInstanceOf(
                        IllegalArgumentException.class)
                .satisfies(failure -> ForeignText.assertFitToBeShown(
                        String.valueOf(failure.getMessage())));
    }

    @Test
    void descriptionOfAnotherTypeIsShownInPart() {
        String mine = Format.BINARY.plan(Item.class).description();
        String part = HOSTILE.substring(0, 40);
        String[] descriptions = {HOSTILE, "binary:" + HOSTILE, "binary:{" + part + ":i32}",
            "binary:{name:" + part + ",count:i32}", "binary:" + part + "<i32>",
            "binary:{name:enum(" + part + "),count:i32}", part + ":{}",
            "binary:{name:sealed(" + part + ":i32)}"};
        for (String theirs : descriptions) {
            ForeignText.assertFitToBeShown(TypeDescription.difference(mine, theirs));
            ForeignText.assertFitToBeShown(TypeDescription.difference(mine, theirs));
            ForeignText.assertFitToBeShown(TypeDescription.difference("string", theirs));
        }
    }

    @Test
    void deepPathAndManyDifferencesStayShort() {
        StringBuilder many = new StringBuilder("binary:{");
        for (int i = 0; i < 5000; i++) {
            many.append(i == 0 ? "" : ",").append("x".repeat(100)).append(i).append(":i32");
        }
        assertThat(TypeDescription.difference(
                Format.BINARY.plan(Tree.class).description(), many + "}")).hasSizeLessThan(1000);
        assertThat(TypeDescription.difference(
                Format.BINARY.plan(new Format.Of<Set<Optional<Item>>>() {}).description(),
                many + "}")).hasSizeLessThan(1000);
    }
}
