package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

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
    void longTextIsCutAndItsLengthTold() {
        assertThat(Printable.of("x".repeat(1000))).isEqualTo("x".repeat(1000));
        assertThat(Printable.of("x".repeat(1001)))
                .isEqualTo("x".repeat(1000) + "... (length=1001)");
    }
}
