package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrintableTest {

    @Test
    void controlCharactersAreEscapedAndAllElseStays() {
        assertThat(Printable.of("a\tb\0c\33[1m\n\u009b \u00fc\ud83d\ude00"))
                .isEqualTo("a\tb\\u0000c\\u001b[1m\\u000a\\u009b \u00fc\ud83d\ude00");
    }

    @Test
    void whatTurnsTextAroundEndsALineOrIsNotSeenIsEscaped() {
        assertThat(Printable.of("a\u202eb\u2066c\u200fd\u2028e\u2029f\ufeffg"))
                .isEqualTo("a\\u202eb\\u2066c\\u200fd\\u2028e\\u2029f\\ufeffg");
        assertThat(Printable.of("\udb40\udc41")).isEqualTo("\\udb40\\udc41"); // a tag letter
        assertThat(Printable.of("a\ud83db\ude00")).isEqualTo("a\\ud83db\\ude00");
    }

    @Test
    void longTextIsCutAndItsLengthGiven() {
        assertThat(Printable.of("x".repeat(1000))).isEqualTo("x".repeat(1000));
        assertThat(Printable.of("x".repeat(1001)))
                .isEqualTo("x".repeat(1000) + "… (1,001 letters)");
    }

    @Test
    void escapesAreLettersToo() {
        assertThat(Printable.of("\n".repeat(1000)))
                .isEqualTo("\\u000a".repeat(166) + "… (1,000 letters)");
        assertThat(Printable.brief("\n".repeat(11))).isEqualTo("\\u000a".repeat(10) + "…");
    }

    @Test
    void briefTextFitsIntoASentenceAndNoPairIsCutInTwo() {
        assertThat(Printable.quoted("x\n")).isEqualTo("'x\\u000a'");
        assertThat(Printable.brief("x".repeat(61))).isEqualTo("x".repeat(60) + "…");
        assertThat(Printable.brief("x".repeat(59) + "\ud83d\ude00"))
                .isEqualTo("x".repeat(59) + "…");
    }

    @Test
    void commandLineIsCutAndItsLengthGiven() {
        assertThat(Printable.words(List.of("App", "a\nb"))).isEqualTo("App a\\u000ab");
        assertThat(Printable.words(List.of("App", "x".repeat(200_000))))
                .isEqualTo("App " + "x".repeat(196) + "… (200,004 letters)");
        assertThat(Printable.quoted("x".repeat(200_000)))
                .isEqualTo("'" + "x".repeat(60) + "…' (200,000 letters)");
        assertThat(Printable.quoted("x".repeat(60) + "…"))
                .isEqualTo("'" + "x".repeat(60) + "…' (61 letters)");
        assertThat(Printable.path(Path.of("x".repeat(300))))
                .isEqualTo("x".repeat(200) + "… (300 letters)");
    }

    @Test
    void exceptionIsItsClassAndWhatItSays() {
        assertThat(Printable.of(new IllegalStateException("a\nb")))
                .isEqualTo("java.lang.IllegalStateException: a\\u000ab");
        assertThat(Printable.of(new IllegalStateException()))
                .isEqualTo("java.lang.IllegalStateException");
    }
}
