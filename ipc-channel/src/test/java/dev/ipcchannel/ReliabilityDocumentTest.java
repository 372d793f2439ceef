package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The truth of docs/reliability.md and SECURITY.md: each promise has a test, and every test that
/// they name exists. (The module `torture` checks the storms that they name.)
@Timeout(60)
class ReliabilityDocumentTest {

    private static final Path PAGE = Path.of("..", "docs", "reliability.md");
    private static final Path SECURITY_PAGE = Path.of("..", "SECURITY.md");
    private static final int FEWEST_PROMISES = 30;
    private static final Pattern PROMISE = Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`((?:[a-z]+\\.)*[A-Z]\\w+)#(\\w+)`");
    private static final Pattern TEST_CLASS = Pattern.compile("`(\\w+(?:Test|IT))`");
    private static final Pattern HOLDER = Pattern.compile(TEST.pattern() + "|`storm:[a-z]+`");

    private static List<Matcher> promises() throws IOException {
        return Files.readAllLines(PAGE).stream().map(PROMISE::matcher).filter(Matcher::matches)
                .filter(row -> !row.group(1).equals("promise")).toList();
    }

    static List<String> tests() throws IOException {
        return TEST.matcher(Files.readString(PAGE)).results().map(MatchResult::group).distinct()
                .toList();
    }

    @Test
    void everyPromiseIsHeldByATestOrAStorm() throws Exception {
        assertThat(promises()).hasSizeGreaterThan(FEWEST_PROMISES)
                .allSatisfy(row -> assertThat(row.group(2)).as(row.group(1))
                        .containsPattern(HOLDER));
    }

    @ParameterizedTest
    @MethodSource("tests")
    void everyTestThatIsNamedExists(String name) throws Exception {
        Matcher test = TEST.matcher(name);
        assertThat(test.matches()).isTrue();
        Class<?> type = Class.forName("dev.ipcchannel." + test.group(1), false,
                ReliabilityDocumentTest.class.getClassLoader());

        assertThat(methods(type).stream().filter(ReliabilityDocumentTest::isTest)
                .map(Method::getName)).contains(test.group(2));
    }

    static List<String> testClassesOfTheSecurityPage() throws IOException {
        return TEST_CLASS.matcher(Files.readString(SECURITY_PAGE)).results()
                .map(found -> found.group(1)).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("testClassesOfTheSecurityPage")
    void everyTestClassThatTheSecurityPageNamesExists(String name) throws Exception {
        try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
            assertThat(sources.map(source -> source.getFileName().toString()))
                    .contains(name + ".java");
        }
    }

    /// The test methods of a class, including those of its contract.
    private static List<Method> methods(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        return parent == null ? List.of()
                : Stream.concat(Arrays.stream(type.getDeclaredMethods()),
                        methods(parent).stream()).toList();
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class)
                || method.isAnnotationPresent(RepeatedTest.class);
    }
}
