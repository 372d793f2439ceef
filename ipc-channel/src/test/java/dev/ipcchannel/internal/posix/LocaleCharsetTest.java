package dev.ipcchannel.internal.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.Charset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The charset of a program: it is the one that the C library would choose. `LettersIT` compares it
/// with what JVMs read.
@Timeout(30)
class LocaleCharsetTest {

    private static final String MISSING = "xx_XX.UTF-8";

    @Test
    void programWithOurVariablesHasOurCharset() {
        assertThat(LocaleCharset.of(System::getenv)).isEqualTo(FileNames.CHARSET);
    }

    @Test
    void programWithoutALocaleHasAscii() {
        assertThat(of(Map.of("LC_ALL", "C"))).isEqualTo(US_ASCII);
        assertThat(of(Map.of("LC_ALL", "POSIX", "LANG", "C.UTF-8"))).isEqualTo(US_ASCII);
        assertThat(of(Map.of("LANG", "C", "TZ", "UTC"))).isEqualTo(US_ASCII);
    }

    @Test
    void firstVariableThatSaysSomethingCounts() {
        assumeTrue(of(Map.of("LC_ALL", "C.UTF-8")).equals(UTF_8), "no C.UTF-8 is installed");

        assertThat(of(Map.of("LC_ALL", "C.UTF-8", "LC_CTYPE", "C", "LANG", "C"))).isEqualTo(UTF_8);
        assertThat(of(Map.of("LC_ALL", "", "LC_CTYPE", "C.UTF-8", "LANG", "C"))).isEqualTo(UTF_8);
        assertThat(of(Map.of("LC_CTYPE", "C", "LANG", "C.UTF-8"))).isEqualTo(US_ASCII);
        assertThat(of(Map.of("LC_TIME", "C", "LANG", "C.UTF-8"))).isEqualTo(UTF_8);
    }

    /// Then setlocale fails as a whole.
    @Test
    void oneLocaleThatIsMissingTakesAllAway() {
        assertThat(of(Map.of("LC_ALL", MISSING))).isEqualTo(US_ASCII);
        assertThat(of(Map.of("LC_TIME", MISSING, "LANG", "C.UTF-8"))).isEqualTo(US_ASCII);
    }

    private static Charset of(Map<String, String> variables) {
        return LocaleCharset.of(name -> variables.get(name));
    }
}
