package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The names that can be opened.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpeningTest {

    static Stream<String> notNames() {
        return Stream.of("", "a/b", "a\nb", "a\0b", "a\u0085b", "a\ud800b", "a\udc00",
                "x".repeat(201),
                "\u20ac".repeat(67));
    }

    @ParameterizedTest
    @MethodSource("notNames")
    void whatIsNoNameIsRefusedWithTheRule(String name) {
        assertThatThrownBy(() -> Opening.check(name)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a name has 1 to 200 bytes of UTF-8, without /, control"
                        + " characters and unpaired surrogates: name=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b:c d", "..", "\u20ac\ud83d\ude00"})
    void otherLettersMakeANameOfAnyScript(String name) {
        assertThatCode(() -> Opening.check(name)).doesNotThrowAnyException();
        assertThatCode(() -> Opening.check("x".repeat(200))).doesNotThrowAnyException();
    }
}
