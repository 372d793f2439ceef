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
                .withMessage("the headers of a question are too long: names=[name], length=257,"
                        + " limit=256 bytes, with two for each header: carry an id, and not what"
                        + " it stands for");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.of(Map.of("name", "☃".repeat(100))))
                .withMessageContaining("length=306");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Headers.read("name=" + longest + "x\n"))
                .withMessageContaining("length=257");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a=b", "a:", "ä", "a\n", "\u0000"})
    void nameOfOtherLettersIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of(Map.of(name, "value")))
                .withMessageStartingWith("the name of a header has letters, digits, '-', '_' and"
                        + " '.', and nothing else: name=\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\r", "\t", "\u0000", "\u0085", "\ud83d", "\ude00x"})
    void valueThatIsNoTextIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.of(Map.of("tenant", value)))
                .withMessageStartingWith("the value of a header is text without line breaks and"
                        + " other control characters: name=tenant, value=\"");
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
                .withMessageStartingWith("value of the header tenant");
        assertThatNullPointerException().isThrownBy(() -> Headers.of(noName))
                .withMessageStartingWith("name of a header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "tenant=north", "\n", "tenant=a\nb\n", "a=1\na=2\n", "=1\n",
        "a=1\n\n", "a=1\u0000\n", " a=1\n", "a=\ud800\n"})
    void foreignTextThatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Headers.read(text));
    }

    /// Each hostile question would take the thread that serves for minutes.
    @Test
    void longForeignTextIsRefusedAtOnce() {
        String text = "x".repeat(100_000);

        assertThatIllegalArgumentException().isThrownBy(() -> Headers.read(text))
                .withMessage("the headers of a question are too long: length=100000 or more,"
                        + " limit=256 bytes");
    }

    @Test
    void messageNamesNoMoreOfAForeignTextThanItMayBeLong() {
        String text = IntStream.range(0, 100_000).mapToObj(number -> "n" + number + "=\n")
                .collect(joining());

        assertThatIllegalArgumentException().isThrownBy(() -> Headers.read(text))
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(200));
    }
}
