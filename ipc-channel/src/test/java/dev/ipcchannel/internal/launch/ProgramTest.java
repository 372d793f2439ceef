package dev.ipcchannel.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.child.ChildJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program that a child runs, as words for `java`.
@Timeout(30)
class ProgramTest {

    @TempDir
    Path directory;

    @Test
    void classOfTheClassPathIsFoundFromEveryWorkingDirectory() {
        Program program = Program.of(ProgramTest.class);

        assertThat(program.words()).hasSize(3).startsWith("-cp")
                .endsWith(ProgramTest.class.getName());
        assertThat(program.words().get(1).split(File.pathSeparator))
                .allSatisfy(entry -> assertThat(entry).startsWith("/"));
        assertThat(program.isJvm()).isTrue();
        assertThat(program.nativeAccess()).isEqualTo("ALL-UNNAMED");
        assertThat(program).isEqualTo(Program.of(ProgramTest.class.getName()));
    }

    @Test
    void relativeEntriesOfAPathAreThoseOfThisProcess() {
        String here = Path.of("").toAbsolutePath().toString();

        assertThat(LoaderPath.absolute("")).isEmpty();
        // An empty entry is the directory itself.
        assertThat(LoaderPath.absolute("/a:b::")).isEqualTo(
                "/a:%s/b:%s:%s".formatted(here, here, here));
    }

    @Test
    void entryInNoLettersOfThisLocaleStaysToBeRefused() {
        assertThat(LoaderPath.absolute("/a\0b:/c")).isEqualTo("/a\0b:/c");
    }

    @Test
    void moduleIsNamedWithWhatItNeeds() {
        Program program = new Program.InModule("shop", "shop.Main", "/m", "/c", List.of());

        assertThat(program.words()).containsExactly("--module-path", "/m", "-cp", "/c", "--module",
                "shop/shop.Main");
        assertThat(program.classSources()).containsExactly(Path.of("/m"), Path.of("/c"));
        assertThat(program.shown()).isEqualTo("shop/shop.Main");
    }

    @Test
    void moduleOfARunTimeImageNeedsNoPath() {
        Program program = new Program.InModule("shop", "shop.Main", "", "", List.of());

        assertThat(program.words()).containsExactly("--module", "shop/shop.Main");
        assertThat(program.classSources()).isEmpty();
    }

    @Test
    void jarSaysItselfWhatRuns() {
        Program program = new Program.Jar(Path.of("/x/shop.jar"));

        assertThat(program.words()).containsExactly("-jar");
        assertThat(program.file()).isEqualTo(Path.of("/x/shop.jar"));
        assertThat(program.classSources()).containsExactly(Path.of("/x/shop.jar"));
    }

    @Test
    void commandIsNoJvm() {
        Program program = new Program.Command(List.of("python3", "-c", "print()"));

        assertThat(program.isJvm()).isFalse();
        assertThat(program.words()).containsExactly("python3", "-c", "print()");
        assertThat(program.classSources()).isEmpty();
        assertThatThrownBy(ChildJvm::ofCommand).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a command has at least one word: words=0");
    }

    @Test
    void sourceFileRunsByOneClass() throws Exception {
        Path file = write("Anything.java", "record First() {} public class ProgramTest {}");

        assertThat(SourceFile.of(ProgramTest.class, file, ProgramTest.class.getName()))
                .isEqualTo(file);
        assertThat(SourceFile.of(ProgramTest.class, file, null)).isEqualTo(file);
        assertThatThrownBy(() -> SourceFile.of(ProgramTest.class, file, "Another"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("file=" + file, "that class=Another",
                        "asked for=" + ProgramTest.class.getName(), "ProgramTest.java");
    }

    @Test
    void classOfAnotherSourceFileRunsByThat() throws Exception {
        Path started = write("Main.java", "class Main {}");
        Path beside = write("ProgramTest.java", "class ProgramTest {}");

        assertThat(SourceFile.of(ProgramTest.class, started, getClass().getPackageName() + ".Main"))
                .isEqualTo(beside);
    }

    @Test
    void classOfAnotherPackageRunsByTheFileBelowTheFirstOnesRoot() throws Exception {
        Path started = write("shop/Main.java", "package shop; class Main {}");
        Path other = write(ProgramTest.class.getName().replace('.', '/') + ".java", "");
        Path thread = write("java/lang/Thread.java", "");

        assertThat(SourceFile.of(ProgramTest.class, started, "shop.Main")).isEqualTo(other);
        assertThat(SourceFile.of(ProgramTest.class, thread, "java.lang.Thread")).isEqualTo(other);
        assertThat(SourceFile.of(ProgramTest.class, write("Main.java", ""), "Main"))
                .isEqualTo(other);
    }

    @Test
    void memberOfAClassIsRunByNoSourceFile() throws Exception {
        Path started = write("Main.java", "class Main { static class Second {} }");
        write("Second.java", "class Second {}");

        assertThatThrownBy(() -> SourceFile.of(Second.class, started, "Main"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path write(String name, String text) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    /// A class of which only the name matters.
    private static final class Second {}
}
