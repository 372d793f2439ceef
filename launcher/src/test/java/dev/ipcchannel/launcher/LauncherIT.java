package dev.ipcchannel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests of the launcher on a Java that is new enough, and where there is none.
@Timeout(60)
class LauncherIT {

    @TempDir
    static Path folder;

    private static Path jar;

    @BeforeAll
    static void writeJar() throws Exception {
        jar = LauncherJar.write(folder.resolve("a program.jar"));
    }

    @Test
    void newJavaRunsTheProgramItselfAndSaysNothing() throws Exception {
        try (Started started = start("pid")) {
            started.assertExit(0);

            assertThat(started.out().strip()).isEqualTo(Long.toString(started.process().pid()));
            assertThat(started.err()).isEmpty();
        }
    }

    @Test
    void jarThatNamesNoProgramSaysSo() throws Exception {
        Path empty = LauncherJar.writeWithoutProgram(folder.resolve("launcher.jar"));
        List<String> command =
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar", empty.toString(), "--help");
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(2);

            assertThat(started.err().lines()).singleElement().asString()
                    .startsWith(empty + " is no program by itself");
        }
    }

    @Test
    void innerJvmRunsTheProgramItselfWhateverItsVersion() throws Exception {
        List<String> command = new ArrayList<>(Starter.PRETENDING.command(jar, "pid"));
        command.add(1, "-D" + Lifeline.PIPE + "=" + Lifeline.NONE);
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(0);

            assertThat(started.out().strip()).isEqualTo(Long.toString(started.process().pid()));
        }
    }

    @Test
    void exceptionOfTheProgramLooksAsWithoutTheLauncher() throws Exception {
        try (Started started = start("fail")) {
            started.assertExit(1);

            assertThat(started.err()).startsWith("Exception in thread \"main\" "
                    + "java.lang.IllegalStateException: of the program");
        }
    }

    @Test
    void oneSentenceSaysWhatToInstallWhereThereIsNoNewerJava() throws Exception {
        List<String> command = new ArrayList<>(Starter.NEW.command(jar, "echo"));
        command.add(1, "-D" + Launcher.NEEDED + "=99");
        try (Started started = Started.start(folder, Redirect.PIPE, command)) {
            started.assertExit(2);

            assertThat(started.out()).isEmpty();
            assertThat(started.err().lines()).singleElement().asString()
                    .startsWith("a program.jar needs Java 99 or newer, but this is Java 25")
                    .contains("JAVA_HOME", "PATH", "/usr/lib/jvm", "install", "openjdk-99-jdk");
        }
    }

    @Test
    void classesAreOldEnoughForJava8() throws Exception {
        for (Path file : LauncherJar.launcherClasses()) {
            assertThat(Files.readAllBytes(file)).as(file.toString()).startsWith(
                    0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52);
        }
    }

    private static Started start(String... args) throws Exception {
        return Started.start(folder, Redirect.PIPE, Starter.NEW.command(jar, args));
    }
}
