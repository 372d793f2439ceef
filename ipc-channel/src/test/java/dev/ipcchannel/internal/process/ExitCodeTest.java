package dev.ipcchannel.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({"0, exit=0", "128, exit=128", "129, exit=129 (SIGHUP)", "130, exit=130 (SIGINT)",
        "137, exit=137 (SIGKILL)", "139, exit=139 (SIGSEGV)", "143, exit=143 (SIGTERM)",
        "159, exit=159 (SIGSYS)", "160, exit=160", "255, exit=255"})
    void deathBySignalIsNamed(int code, String words) {
        assertThat(ExitCode.describe(code)).isEqualTo(words);
    }
}
