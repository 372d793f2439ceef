package dev.ipcchannel.internal.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ShowingChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Letters in a message, as standard error shows them: never a question mark.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PrintableIT {

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @CsvSource({"C, gr\\u00fcn \\u65e5, ...", "C.UTF-8, gr\u00fcn \u65e5, \u2026"})
    void lettersThatTheLocaleLacksAreNotThere(String locale, String shown, String cut)
            throws Exception {
        ChildJvm child = children.command().piped().environment("LC_ALL", locale)
                .start(ShowingChild.class);

        child.awaitExit(0);

        assertThat(child.captured().errorLines()).containsExactly(shown,
                "x".repeat(1000) + cut + " (1,001 letters)", "x".repeat(60) + cut,
                "'" + "x".repeat(60) + cut + "' (61 letters)");
    }

    @Test
    void charsetThatCanOnlyBeReadIsNoneOfAnOutput() throws Exception {
        ChildJvm child = children.command().piped().flags("-Dstderr.encoding=ISO-2022-CN")
                .start(ShowingChild.class);

        child.awaitExit(0);

        assertThat(child.captured().errorLines()).hasSize(4);
    }
}
