package dev.ipcchannel.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.codec.Samples.Item;
import dev.ipcchannel.internal.codec.Samples.Pair;
import dev.ipcchannel.internal.value.CodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A value that cannot be written: it is named with the path to it, in every format.
@Timeout(60)
@ParameterizedClass
@EnumSource
class ValueErrorsTest {

    private final Format format;

    ValueErrorsTest(Format format) {
        this.format = format;
    }

    /// A record that has items in every way.
    @SuppressWarnings("ArrayRecordComponent") // the subject of tests
    record Shelf(List<Item> items, Map<String, Item> byName, Item[] row, Optional<Item> best) {}

    /// A record that refuses negative numbers.
    record Age(int years) {

        Age {
            if (years < 0) {
                throw new IllegalArgumentException("an age must not be negative: years=" + years);
            }
        }
    }

    /// A record that cannot be read.
    record Secret(String text) {

        @Override
        public String text() {
            throw new IllegalStateException("not for you");
        }
    }

    private static final Item GOOD = new Item("a", 1);

    @SuppressWarnings("NullAway") // what unchecked callers do
    private static final Item BAD = new Item(null, 1);

    private <T> void assertRefused(TypePlan<T> plan, T value, String message) {
        assertThatThrownBy(() -> Format.encode(plan, value)).isInstanceOf(CodecException.class)
                .hasMessage(message);
    }

    @Test
    void nullIsRefusedWithItsPath() {
        TypePlan<Shelf> plan = format.plan(Shelf.class);
        String problem = " is null: use Optional";

        assertRefused(plan, new Shelf(List.of(GOOD, BAD), Map.of(), new Item[0], Optional.empty()),
                "Shelf.items[1].name" + problem);
        assertRefused(plan,
                new Shelf(List.of(), Map.of("k", BAD), new Item[0], Optional.empty()),
                "Shelf.byName[0].value.name" + problem);
        assertRefused(plan, new Shelf(List.of(), Map.of(), new Item[2], Optional.empty()),
                "Shelf.row[0]" + problem);
        assertRefused(plan, new Shelf(List.of(), Map.of(), new Item[0], Optional.of(BAD)),
                "Shelf.best.name" + problem);
        assertRefused(plan,
                new Shelf(List.of(), Collections.singletonMap(null, GOOD), new Item[0],
                        Optional.empty()),
                "Shelf.byName[0].key" + problem);
    }

    @Test
    @SuppressWarnings("NullAway") // what unchecked callers do
    void nullAtTheTopIsRefused() {
        assertRefused(format.plan(Item.class), null, "Item is null: use Optional");
        assertRefused(format.plan(new Format.Of<List<String>>() {}), Arrays.asList("a", null),
                "List<String>[1] is null: use Optional");
    }

    @Test
    void unpairedSurrogateIsRefusedWithItsPlace() {
        assertRefused(format.plan(Item.class), new Item("ab\ud800c", 1),
                "Item.name has an unpaired surrogate, half of a letter:"
                        + " index=2, char=U+D800: cut texts between letters, or send bytes");
    }

    @Test
    void recordThatRefusesItsComponentsIsNamedWithItsReason() {
        TypePlan<Pair<String, Age>> plan = format.plan(new Format.Of<>() {});
        byte[] hostile = format == Format.JSON
                ? "{\"first\":\"x\",\"second\":{\"years\":-1}}".getBytes(UTF_8)
                : new byte[]{1, 'x', -1, -1, -1, -1};

        assertThatThrownBy(() -> Format.decode(plan, hostile)).isInstanceOf(CodecException.class)
                .hasMessageStartingWith("Pair<String, Age>.second refused its components: "
                        + "reason=java.lang.IllegalArgumentException: an age must not be negative")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void accessorThatThrowsIsNamedWithItsReason() {
        assertRefused(format.plan(Secret.class), new Secret("x"),
                "Secret.text could not be read: reason=java.lang.IllegalStateException: not for"
                        + " you");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void valueOfAClassThatWasNotDeclaredIsRefused() {
        TypePlan<List> plan = format.plan(new Format.Of<List<String>>() {}.type(),
                EndType.Search.none());

        assertThatThrownBy(() -> Format.encode(plan, List.of(1)))
                .isInstanceOf(CodecException.class)
                .hasMessage("List<String>[0] must be of type String: given=java.lang.Integer: look"
                        + " for a raw type or an unchecked cast");
    }

    @Test
    void numberLongerThanTheLimitIsRefused() {
        assertRefused(format.plan(BigInteger.class), BigInteger.TWO.pow(4096 * 8 - 1),
                "BigInteger is too long a number: bytes=4097, limit=4096");
        assertRefused(format.plan(BigDecimal.class), new BigDecimal(BigInteger.ONE, 10_001),
                "BigDecimal has too large a scale: scale=10001, limit=10000");
        assertRefused(format.plan(BigDecimal.class),
                new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
                "BigDecimal has too large a scale: scale=-2147483648, limit=10000");
    }

    @Test
    void sinkIsOfUseAgainAfterAFailure() {
        TypePlan<Item> plan = format.plan(Item.class);
        var sink = new ByteSink();
        assertThatThrownBy(() -> plan.encode(BAD, sink)).isInstanceOf(CodecException.class);
        sink.reset();

        plan.encode(GOOD, sink);

        assertThat(plan.decode(new ByteSource(sink.head(), 0, sink.length()))).isEqualTo(GOOD);
    }
}
