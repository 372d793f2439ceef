package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.SourceRules.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Rules of CONTRIBUTING.md for the sources of all modules, and for each rule a planted violation,
/// which it has to find.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceRulesTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path LIBRARY = Path.of("ipc-channel", "src", "main");
    private static final Pattern EXPORTS = Pattern.compile("\\bexports ([a-z.]+);");

    private static final Pattern JAVA = Pattern.compile(".*src/(main|test)/java/.*\\.java");

    /// Scripts, and programs in C, C++ and Python.
    private static final Pattern OTHERS =
            Pattern.compile("scripts/[^/]+|\\.ci/[^/]+|native/install|jbang/.*\\.java"
                    + "|.*/src/main/module/.*\\.java|.*\\.(py|c|h|cpp|hpp)");

    private List<Source> sources = List.of();
    private SourceRules rules = rulesOf("class A {}"); // until all are read

    @BeforeAll
    void readAllModules() throws IOException {
        sources = read(JAVA);
        rules = new SourceRules(sources);
    }

    private static List<Source> read(Pattern names) throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT)) {
            return files.map(PROJECT::relativize)
                    .filter(file -> names.matcher(file.toString()).matches())
                    .filter(file -> !file.toString().contains("target/"))
                    .map(SourceRulesTest::read).toList();
        }
    }

    private static Source read(Path file) {
        try {
            return new Source(file.toString(), Files.readString(PROJECT.resolve(file)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void sourcesOfAllModulesAreRead() {
        Set<String> modules = sources.stream().map(source -> source.name().split("/", 2)[0])
                .collect(Collectors.toSet());

        assertThat(modules).contains("ipc-channel", "ipc-channel-testkit", "ipc-channel-cluster",
                "launcher", "child-app", "parent-app", "benchmarks", "torture", "stress",
                "examples");
        assertThat(sources).hasSizeGreaterThan(500);
    }

    @Test
    void noLineGoesBeyondTheLastColumn() {
        assertThat(sources.stream().flatMap(LineRules::tooLong)).isEmpty();
    }

    @Test
    void noLineOfAScriptOrOfAProgramInAnotherLanguageGoesBeyondTheLastColumn() throws IOException {
        List<Source> others = read(OTHERS);

        assertThat(others).extracting(Source::name).contains("scripts/test", "native/zipc.h");
        assertThat(others).hasSizeGreaterThan(20);
        assertThat(others.stream().flatMap(LineRules::tooLong)).isEmpty();
    }

    @Test
    void longLineIsFound() {
        String words = "word ".repeat(20);
        Source source = new Source("A.java", String.join("\n", words, words + "one",
                "String b = \"" + "é".repeat(80) + "\";", "String c = \"" + words + "\";"));

        assertThat(LineRules.tooLong(source)).containsExactly(
                "A.java:2: the line ends at column 103, and the last is 100",
                "A.java:4: the line ends at column 114, and the last is 100");
    }

    @Test
    void linesOfCommentsAreFull() {
        assertThat(sources.stream().flatMap(LineRules::ragged)).isEmpty();
    }

    @Test
    void lineOfACommentThatEndsTooEarlyIsFound() {
        String ninety = "word ".repeat(17) + "words";
        Source source = new Source("A.java", String.join("\n", "/// " + ninety,
                "/// four words come now", "///", "/// - one item", "/// - another item",
                "///     a picture", "// " + ninety, "// four words come now.", "// A sentence.",
                "// Another sentence.", "// " + ninety, "// seventeenletters"));

        assertThat(LineRules.ragged(source)).containsExactly(
                "A.java:1: the line has room for the next word: four",
                "A.java:7: the line has room for the next word: four");
    }

    @Test
    void importsAreSorted() {
        assertThat(rules.unsortedImports()).isEmpty();
    }

    @Test
    void unsortedImportIsFound() {
        assertThat(rulesOf("import java.util.Set;\nimport java.util.List;\nclass A {}")
                .unsortedImports())
                .containsExactly("A.java:1: here the import of java.util.List is next");
        assertThat(rulesOf("import b.B;\nimport static a.A.of;\nclass A {}").unsortedImports())
                .containsExactly("A.java:1: here the import of a.A.of is next");
        assertThat(rulesOf("import static z.Z.of;\nimport a.A;\nimport b.B;\nclass C {}")
                .unsortedImports()).isEmpty();
    }

    @Test
    void sumsBesideBitsHaveParentheses() {
        assertThat(rules.bareOperands()).isEmpty();
    }

    @Test
    void sumBesideBitsWithoutParenthesesIsFound() {
        assertThat(rulesOf("class A {\n    int b = 1 + 7 & -8;\n}").bareOperands())
                .containsExactly("A.java:2: parentheses are missing: 1 + 7 & -8");
        assertThat(rulesOf("class A { int b = (1 + 7) & -8; }").bareOperands()).isEmpty();
    }

    @Test
    void commentOfEachClassBeginsWithANoun() {
        assertThat(rules.classCommentsWithoutANoun()).isEmpty();
    }

    @Test
    void commentOfAClassThatBeginsWithAPronounIsFound() {
        assertThat(rulesOf("/// A thing.\nclass A {\n    /// What it does.\n    record B() {}\n}")
                .classCommentsWithoutANoun())
                .containsExactly("A.java:4: begin with a noun that says"
                        + " what kind of thing B is: What it does.");
    }

    @Test
    void everythingExportedHasAComment() throws IOException {
        Set<Path> exported = EXPORTS
                .matcher(Files.readString(PROJECT.resolve(LIBRARY)
                        .resolve("module/module-info.java")))
                .results().map(SourceRulesTest::folder).collect(Collectors.toSet());

        List<Source> seen = sources.stream()
                .filter(source -> exported.contains(Path.of(source.name()).getParent())).toList();

        assertThat(exported).hasSizeGreaterThan(5);
        assertThat(new SourceRules(seen).uncommented()).isEmpty();
    }

    private static Path folder(MatchResult export) {
        return LIBRARY.resolve("java").resolve(export.group(1).replace('.', '/'));
    }

    @Test
    void exportedMemberWithoutACommentIsFound() {
        assertThat(rulesOf("""
                /// A thing.
                public class A {
                    public int size() { return 1; }
                    @Override public String toString() { return ""; }
                    void hidden() {}
                    static class Hidden { public void of() {} }
                    /// A place.
                    public interface B {
                        int C = 1;
                        void use();
                    }
                }
                """).uncommented()).containsExactly(
                "A.java:3: size is exported and has no comment",
                "A.java:9: C is exported and has no comment",
                "A.java:10: use is exported and has no comment");
    }

    private static SourceRules rulesOf(String text) {
        return new SourceRules(List.of(new Source("A.java", text)));
    }
}
