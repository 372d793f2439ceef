package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The truth of docs/conformance.md: a line for each case, and every test that it names exists.
@Timeout(60)
class ConformanceDocumentTest {

    private static final String DOCUMENT = "docs/conformance.md";
    private static final int CASES = 96;
    private static final Pattern LINE = Pattern.compile("\\| (\\d+) \\| [^|]+ \\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`((?:[a-z]+\\.)*\\w+)\\.(\\w+)`");

    /// The folders of other modules' tests, which are not on the class path here.
    private static final Map<String, String> OTHER_MODULES = Map.of("examples", "examples/tests",
            "examples.names", "examples/names", "demo", "parent-app");

    private static String document() throws IOException {
        return Files.readString(project().resolve(DOCUMENT));
    }

    private static Path project() {
        Path module = Path.of("").toAbsolutePath();
        return Stream.iterate(module, Objects::nonNull, Path::getParent)
                .filter(directory -> Files.exists(directory.resolve(DOCUMENT))).findFirst()
                .orElseThrow();
    }

    private static List<Matcher> lines() throws IOException {
        return document().lines().map(LINE::matcher).filter(Matcher::matches).toList();
    }

    static List<String> tests() throws IOException {
        return TEST.matcher(document()).results().map(MatchResult::group).distinct().toList();
    }

    @Test
    void everyCaseHasItsLine() throws Exception {
        assertThat(lines()).extracting(line -> Integer.valueOf(line.group(1)))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, CASES).boxed().toList());
    }

    @Test
    void everyLineNamesATest() throws Exception {
        assertThat(lines()).extracting(line -> line.group(2))
                .allSatisfy(text -> assertThat(text).containsPattern(TEST));
    }

    @ParameterizedTest
    @MethodSource("tests")
    void everyTestThatIsNamedExists(String name) throws Exception {
        Matcher test = TEST.matcher(name);
        assertThat(test.matches()).isTrue();
        String module = OTHER_MODULES.get(test.group(1).replaceFirst("\\.?\\w+$", ""));
        if (module != null) {
            assertThat(project().resolve("%s/src/test/java/dev/ipcchannel/%s.java".formatted(module,
                    test.group(1).replace('.', '/')))).content().containsPattern(
                            "(?s)@(Test|ParameterizedTest)\\b(?:(?!\\bvoid\\b).)*void "
                                    + test.group(2) + "\\(");
            return;
        }
        Class<?> type = Class.forName("dev.ipcchannel." + test.group(1), false,
                ConformanceDocumentTest.class.getClassLoader());

        assertThat(Arrays.stream(type.getDeclaredMethods())
                .filter(ConformanceDocumentTest::isTest).map(Method::getName))
                .contains(test.group(2));
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class)
                || method.isAnnotationPresent(RepeatedTest.class);
    }
}
