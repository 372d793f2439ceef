package dev.ipcchannel.demo.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.launcher.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ParentOptionsTest {

    @Test
    void withoutArgumentsTheThreeMessagesOfTheExampleAreSent() throws ParseException {
        ParentOptions options = ParentOptions.parse(new String[0]);

        assertThat(options.messages())
                .containsExactly("Hello from parent", "How are you?", "Goodbye!");
        assertThat(options.isInteractive()).isFalse();
        assertThat(options.count()).isZero();
        assertThat(options.isSpawning()).isTrue();
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.isJson()).isFalse();
        assertThat(options.child().isQuiet()).isFalse();
    }

    @Test
    void childStartedByHandHasTwoMinutes() throws ParseException {
        assertThat(parse("--no-spawn").timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(parse("--no-spawn --timeout 3").timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void childOfAStreamIsQuiet() throws ParseException {
        ParentOptions options = parse("--count 7 --size 0");

        assertThat(options.count()).isEqualTo(7);
        assertThat(options.size()).isZero();
        assertThat(options.child().isQuiet()).isTrue();
    }

    @Test
    void timeoutMayBeAFractionOfASecond() throws ParseException {
        assertThat(parse("--timeout 0.25").timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(parse("--timeout 1e-4").timeout()).isEqualTo(Duration.ofNanos(100_000));
        assertThat(parse("--timeout 1e-10").timeout()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void pathsAreMadeAbsoluteButACommandOnThePathStays() throws ParseException {
        assertThat(parse("--child-jar a.jar").child().jar())
                .isEqualTo(Path.of("a.jar").toAbsolutePath());
        assertThat(parse("--child-java bin/java").child().java())
                .isEqualTo(Path.of("bin/java").toAbsolutePath().toString());
        assertThat(parse("--child-java java").child().java()).isEqualTo("java");
    }

    @Test
    void emptyPathIsWrongUsage() {
        for (String option : List.of("--child-jar", "--child-java")) {
            assertThatThrownBy(() -> ParentOptions.parse(new String[]{option, ""}))
                    .isInstanceOf(ParseException.class)
                    .hasMessage(option + " needs its PATH, not an empty one: see --help");
        }
    }

    @Test
    void pathThatTheLocaleCannotReadIsRefusedInOneSentence() {
        for (String option : List.of("--child-jar", "--child-java")) {
            assertThatThrownBy(() -> parse(option + " /a\ufffdb"))
                    .isInstanceOf(ParseException.class)
                    .hasMessage(Command.unreadable("the path of " + option));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --nonsense          | there is no option --nonsense: see --help
            --nonsense=1        | there is no option --nonsense: see --help
            -x                  | there is no option -x: see --help
            --json=1            | --json takes no value: json=1: leave it out
            --timeout           | --timeout needs its SECONDS: see --help
            -m                  | --message needs its TEXT: see --help
            --count 10 --count 20 | --count is given more than once: values=[10, 20]: pass one
            a\ufffd\ufffdb       | a message has
            --count 0           | --count must be a whole number from 1 to 1000000000: count=0
            --count 1.5         | --count must be a whole number from 1 to 1000000000: count=1.5
            --count 9999999999  | a whole number from 1 to 1000000000: count=9999999999
            --count 1 --size -1 | --size must be a whole number from 0 to 16777216: size=-1
            --count 1 --size 16777217 | --size must be a whole number from 0 to 16777216: \
            size=16777217
            --size 5            | --size is for a stream: pass --count as well
            --timeout 0         | a number of seconds above 0, at most 86400: timeout=0
            --timeout NaN       | a number of seconds above 0, at most 86400: timeout=NaN
            --timeout soon      | a number of seconds above 0, at most 86400: timeout=soon
            hi --interactive    | exclude each other: pass one of them
            --interactive --count 1 | exclude each other: pass one of them
            hi --as-child       | --as-child is not the first argument: put it there
            hi quit             | ends the child and has no reply: leave it out
            """)
    void wrongUsageIsReportedInOneSentence(String arguments, String sentence) {
        assertThatThrownBy(() -> parse(arguments)).isInstanceOf(ParseException.class)
                .hasMessageContaining(sentence);
    }

    private static ParentOptions parse(String arguments) throws ParseException {
        return ParentOptions.parse(arguments.split(" ", 0));
    }
}
