package dev.ipcchannel.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.value.CodecException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ends of channels anywhere in a message: only the layer above knows what they are.
@Timeout(60)
class EndsInValuesTest {

    private record KnownType(Class<?> raw, String description) implements EndType {}

    /// A stand-in for a sender.
    @SuppressWarnings("UnusedTypeParameter") // as a sender has one
    private record Door<T>(int number) {}

    private static final EndType.Search DOORS =
            (raw, resolved, _) -> raw == Door.class ? doorType(resolved) : null;

    /// The layer above's knowledge of the type of a sender.
    private static EndType doorType(Type resolved) {
        Type argument = ((ParameterizedType) resolved).getActualTypeArguments()[0];
        return new KnownType(Door.class,
                "door<" + (argument == String.class ? "string" : "i32") + ">");
    }

    /// A record that has ends in every way.
    @SuppressWarnings("ArrayRecordComponent") // the subject of tests
    private record House<T>(Door<T> front, List<Door<T>> back, Map<String, Door<Integer>> named,
            Optional<Door<T>> cellar, Door<T>[] row) {}

    private static final Door<String>[] NONE = doors();

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is what is wanted
    private static Door<String>[] doors(Door<String>... doors) {
        return doors;
    }

    private final List<Object> departed = new ArrayList<>();
    private final List<EndType> types = new ArrayList<>(); // of those that have arrived

    private ByteSink sink() {
        var sink = new ByteSink();
        sink.setEnds(end -> {
            departed.add(end);
            return new EndWords(new long[]{((Door<?>) end).number(), -1}, 1);
        });
        return sink;
    }

    private ByteSource source(byte[] bytes) {
        var source = new ByteSource(bytes, 0, bytes.length);
        source.setEnds((type, end) -> {
            types.add(type);
            assertThat(end.words()).hasSize(2).endsWith(-1);
            assertThat(end.descriptors()).isEqualTo(1);
            return new Door<>((int) end.words()[0]);
        });
        return source;
    }

    @ParameterizedTest
    @EnumSource
    void endsTravelInEveryPlaceAndInOrder(Format format) {
        TypePlan<House<String>> plan = format.plan(new Format.Of<House<String>>() {}.type(), DOORS);
        House<String> house = new House<>(new Door<>(1), List.of(new Door<>(2)),
                Map.of("a", new Door<>(3)), Optional.of(new Door<>(4)), doors(new Door<>(5)));
        ByteSink sink = sink();

        plan.encode(house, sink);
        House<String> arrived = plan.decode(source(sink.toByteArray()));

        assertThat(arrived).usingRecursiveComparison().isEqualTo(house);
        assertThat(departed).containsExactly(new Door<>(1), new Door<>(2), new Door<>(3),
                new Door<>(4), new Door<>(5));
        assertThat(types).extracting(EndType::description).containsExactly("door<string>",
                "door<string>", "door<i32>", "door<string>", "door<string>");
        assertThat(plan.description()).endsWith(":{front:door<string>,back:list<door<string>>,"
                + "named:map<string,door<i32>>,cellar:optional<door<string>>,row:door<string>[]}");
    }

    @Test
    void endIsItsCountsAndWordsInBinary() {
        TypePlan<Door<String>> plan =
                Format.BINARY.plan(new Format.Of<Door<String>>() {}.type(), DOORS);
        ByteSink sink = sink();

        plan.encode(new Door<>(3), sink);

        assertThat(HexFormat.ofDelimiter(" ").formatHex(sink.head(), 0, sink.length()))
                .isEqualTo("02 01 03 00 00 00 00 00 00 00 ff ff ff ff ff ff ff ff");
    }

    @Test
    void endIsAnObjectInJson() {
        TypePlan<Door<String>> plan =
                Format.JSON.plan(new Format.Of<Door<String>>() {}.type(), DOORS);
        ByteSink sink = sink();

        plan.encode(new Door<>(3), sink);

        assertThat(new String(sink.head(), 0, sink.length(), UTF_8)).isEqualTo(
                "{\"$end\":\"door\",\"words\":[\"0x3\",\"0xffffffffffffffff\"],\"descriptors\":1}");
    }

    @ParameterizedTest
    @EnumSource
    void endThatNothingTakesAlongIsRefused(Format format) {
        TypePlan<House<String>> plan = format.plan(new Format.Of<House<String>>() {}.type(), DOORS);
        House<String> house = new House<>(new Door<>(1), List.of(), Map.of(), Optional.empty(),
                NONE);

        assertThatThrownBy(() -> Format.encode(plan, house)).isInstanceOf(CodecException.class)
                .hasMessage("House<String>.front is an end of a channel, which cannot travel here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff 01 00", "00 ff ff ff ff ff ff ff ff ff 01", "01 00 00"})
    void countsOfAnEndAreChecked(String hex) {
        TypePlan<Door<String>> plan =
                Format.BINARY.plan(new Format.Of<Door<String>>() {}.type(), DOORS);
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);

        assertThatThrownBy(() -> plan.decode(source(bytes))).isInstanceOf(CodecException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'$end':'window','words':[],'descriptors':0}",
        "{'$end':'door','words':['3'],'descriptors':0}",
        "{'$end':'door','words':['0x'],'descriptors':0}",
        "{'$end':'door','words':['0x12345678123456781'],'descriptors':0}",
        "{'$end':'door','words':['0x1'],'descriptors':-1}",
        "{'$end':'door','words':['0x1']}", "{'words':['0x1'],'$end':'door'}"})
    void membersOfAnEndAreChecked(String text) {
        TypePlan<Door<String>> plan =
                Format.JSON.plan(new Format.Of<Door<String>>() {}.type(), DOORS);
        byte[] bytes = text.replace('\'', '"').getBytes(UTF_8);

        assertThatThrownBy(() -> plan.decode(source(bytes))).isInstanceOf(CodecException.class);
    }
}
