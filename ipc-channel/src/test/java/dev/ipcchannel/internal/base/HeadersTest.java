package dev.ipcchannel.internal.base;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The headers of a question as text, of this process and of another one.
@Timeout(10)
class HeadersTest {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void textIsALineForEachAndComesBackInItsOrder() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("traceparent", TRACE);
        given.put("tenant", "Nørd = ☃ 😀");
        given.put("empty", "");

        String text = Headers.of(given).text();

        assertThat(text).isEqualTo(
                "traceparent=" + TRACE + "\ntenant=Nørd = ☃ 😀\nempty=\n");
        assertThat(Headers.read(text).values()).containsExactlyEntriesOf(given);
    }

    @Test
    void noneAreNoText() {
        assertThat(Headers.of(Map.of()).text()).isEmpty();
        assertThat(Headers.read("").isEmpty()).isTrue();
    }

    @Test
    void laterChangesOfTheUsersMapChangeNothing() {
        Map<String, String> given = new HashMap<>(Map.of("tenant", "north"));
        Headers headers = Headers.of(given);
        given.put("tenant", "south");

        assertThat(headers.values()).containsExactly(Map.entry("tenant", "north"));
        assertThatThrownBy(() -> headers.values().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void lengthIsThatOfTheWholeTextInBytes() {
        String longest = "x".repeat(Headers.MAX_BYTES - "name=\n".length());
        assertThat(Headers.of(Map.of("name", longest)).text()).hasSize(Headers.MAX_BYTES);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of(Map.of("name", longest + "x")))
                .withMessage("the headers are too long together: names=[name], length=257,"
                        + " limit=256 bytes (names, values, and two for each): send an id instead"
                        + " of the data");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of(Map.of("name", "☃".repeat(100))))
                .withMessageContaining("length=306");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.read("name=" + longest + "x\n"))
                .withMessageContaining("length=257");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // as a program without generic types would
    void mapOfOtherTypesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of((Map) Map.of("attempt", 3)))
                .withMessageStartingWith("a header is not a name with a value, both texts: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a=b", "a:", "ä", "a\n", "\u0000"})
    void nameOfOtherLettersIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of(Map.of(name, "value")))
                .withMessageStartingWith("the name of a header has letters (a to z, A to Z),"
                        + " digits, '-', '_' and '.', and nothing else: name=\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\r", "\t", "\u0000", "\u0085", "\ud83d", "\ude00x"})
    void valueThatIsNoTextIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of(Map.of("tenant", value)))
                .withMessageStartingWith("the value of a header is text without line breaks,"
                        + " other control characters and halves of surrogate pairs: name=tenant,"
                        + " value=\"");
    }

    @Test
    void missingPartIsNamed() {
        Map<String, String> noValue = new HashMap<>();
        noValue.put("tenant", null);
        Map<String, String> noName = new HashMap<>();
        noName.put(null, "north");

        assertThatNullPointerException().isThrownBy(() -> Headers.of(null))
                .withMessage("a ContextCarrier returned null instead of headers: have it return"
                        + " Map.of() where there are none");
        assertThatNullPointerException().isThrownBy(() -> Headers.of(noValue))
                .withMessage("a header has no value: header=tenant: leave it out of the map");
        assertThatNullPointerException().isThrownBy(() -> Headers.of(noName))
                .withMessage("a header has no name: header=north: leave it out of the map");
    }

    /// In a time that does not grow with it, as another process may send any number of them.
    @Test
    void foreignTextOfManyMegabytesIsRefusedAtOnce() {
        String text = "a".repeat(32 << 20);

        for (int i = 0; i < 1000; i++) {
            assertThatIllegalArgumentException().isThrownBy(() -> Headers.read(text))
                    .withMessageContaining("length=33554432, limit=256 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "tenant=north", "\n", "tenant=a\nb\n", "a=1\na=2\n", "=1\n",
        "a=1\n\n", "a=1\u0000\n", " a=1\n", "a=\ud800\n"})
    void foreignTextThatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.read(text));
    }

    @Test
    void messageNamesNoMoreOfAForeignTextThanItMayBeLong() {
        String text = IntStream.range(0, 100_000).mapToObj(number -> "n" + number + "=\n")
                .collect(joining());

        assertThatIllegalArgumentException().isThrownBy(() -> Headers.read(text))
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(200));
    }
}
