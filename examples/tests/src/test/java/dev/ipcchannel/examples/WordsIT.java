package dev.ipcchannel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests of the example that counts the words of many files by workers.
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class WordsIT {

    @RegisterExtension
    final Programs programs = new Programs();

    @Test
    void theWordsOfAllTextFilesInTheCurrentFolderAreCounted() throws Exception {
        file("a.txt", "one two Two\n");
        file("below/b.md", "two three, one-two\n");
        file("C.java", "class Two {}\n");
        file("other.xml", "<two/>");
        file(".hidden/d.txt", "two");

        Programs.Result words =
                programs.run(Programs.example("words", "--workers", "1")).expectExit(0);

        assertThat(words.out()).isEqualTo("""
                        5  two
                        2  one
                        1  class
                        1  three
                        9  words, 4 different ones
                Workers: 1 at once, 0 killed, 0 died, 0 replaced
                Jobs: 3 done, 0 failed, 0 given to another worker on the way
                Files: 3 found = 3 counted + 0 not counted
                """);
        assertThat(words.err()).isEmpty();
    }

    @Test
    void everyFileIsCountedHoweverManyWorkersAreKilled() throws Exception {
        for (int i = 0; i < 100; i++) {
            file("%03d.txt".formatted(i), "each file is counted once\n".repeat(10));
        }

        Programs.Result words = programs
                .run(Programs.example("words", "--workers", "2", "--kill", "4")).expectExit(0);

        assertThat(words.err()).isEmpty();
        assertThat(words.lines()).containsSubsequence(
                "     1000  counted", "     5000  words, 5 different ones",
                "Workers: 2 at once, 4 killed, 4 died, 4 replaced",
                "Files: 100 found = 100 counted + 0 not counted");
        assertThat(words.lines().subList(0, 4)).allSatisfy(line -> assertThat(line).matches(
                "Worker \\d+, process \\d+, is killed after \\d+ of 100 files"));
        assertThat(words.out()).containsPattern("Jobs: 100 done, 0 failed, \\d+ given to another");
    }

    /// Each worker leaks 256 KiB with each file, and has some 40 MiB from its start.
    @Test
    void everyFileIsCountedHoweverManyWorkersAreReplacedForTheirMemory() throws Exception {
        for (int i = 0; i < 600; i++) {
            file("%03d.txt".formatted(i), "each file is counted once\n".repeat(100));
        }

        Programs.Result words = programs
                .run(Programs.example("words", "--workers", "1", "--memory", "64m")).expectExit(0);

        assertThat(words.err()).isEmpty();
        assertThat(words.lines()).containsSubsequence("   300000  words, 5 different ones",
                "Workers: 1 at once, 0 killed, 0 died, 0 replaced",
                "Jobs: 600 done, 0 failed, 0 given to another worker on the way",
                "Files: 600 found = 600 counted + 0 not counted");
        assertThat(words.out())
                .containsPattern(
                        "Memory: [1-9]\\d* others replaced by plan, with more than 64 MiB");
        assertThat(words.lines().getFirst())
                .matches("Worker 1, process \\d+, was replaced by plan after \\d+ of 600 files");
    }

    @Test
    void moreKillsThanFilesLoseNoFile() throws Exception {
        file("a.txt", "one");

        Programs.Result words = programs
                .run(Programs.example("words", "--workers", "1", "--kill", "2")).expectExit(0);

        assertThat(words.lines()).contains(
                "        1  one", "Workers: 1 at once, 2 killed, 2 died, 2 replaced",
                "Files: 1 found = 1 counted + 0 not counted");
    }

    @Test
    void fileThatCannotBeReadIsAccountedFor() throws Exception {
        file("a.txt", "one");
        Path broken = programs.directory().resolve("b.md");
        Files.createSymbolicLink(broken, Path.of("nowhere"));

        Programs.Result words = programs.run(Programs.example("words")).expectExit(1);

        assertThat(words.err())
                .isEqualTo("words: " + broken + " is not counted: there is no such file\n");
        assertThat(words.lines()).contains("Files: 2 found = 1 counted + 1 not counted");
    }

    @Test
    void nameThatTheLocaleDoesNotHaveIsAccountedFor() throws Exception {
        file("a.txt", "\u00e4pfel");
        programs.run(List.of("sh", "-c", ": > $(printf '\\303\\244.txt')")).expectExit(0);

        Programs.Result words = programs.with("LC_ALL", "C").run(Programs.example("words"))
                .expectExit(1);

        assertThat(words.err()).contains("is not counted", "set LC_ALL=C.UTF-8");
        assertThat(words.lines()).contains("        1  \u00e4pfel",
                "Files: 2 found = 1 counted + 1 not counted");
    }

    @ParameterizedTest
    @CsvSource({"--workers 0, words: --workers must be a whole number from 1 to 64: workers=0",
        "--workers many, words: --workers must be a whole number from 1 to 64: workers=many",
        "--kill -1, words: --kill must be a whole number from 0 to 1000: kill=-1",
        "--kill, words: --kill needs its N: see --help",
        "--memory 64, 'words: --memory must be a size with k, m or g, from 64m to 1024m:"
                + " memory=64'",
        "--memory 63m, 'words: --memory must be a size with k, m or g, from 64m to 1024m:"
                + " memory=63m'",
        "--memory 2g, 'words: --memory must be a size with k, m or g, from 64m to 1024m:"
                + " memory=2g'",
        "--memory 99999999999g, 'words: --memory must be a size with k, m or g, from 64m to"
                + " 1024m: memory=99999999999g'",
        "--other, words: there is no option --other: see --help",
        "--kill 1 -k 2, 'words: --kill is given more than once: values=[1, 2]: pass one'",
        "/no/such/folder, words: there is no such folder: path=/no/such/folder",
        "/dev/null, 'words: this is a file, name the folder that it is in: path=/dev/null'",
        "., 'words: there is no *.java, *.md or *.txt file in these folders: folders=[.]: name"
                + " another one'"})
    void wrongInputIsOneSentence(String arguments, String sentence) throws Exception {
        assertThat(programs.run(Programs.example("words", arguments.split(" ")))
                .expectSentence(2)).isEqualTo(sentence);
    }

    @Test
    void helpNamesEveryOptionAndExitCode() throws Exception {
        Programs.Result words = programs.run(Programs.example("words", "--help")).expectExit(0);

        assertThat(words.out().replaceAll("\\s+", " ")).contains("--workers", "--kill",
                "--memory", "--help", "0 all files counted", "1 some were not", "2 wrong usage",
                "3 no worker can run",
                "4 output cannot be written");
    }

    @Test
    void saysThatItsOutputIsLost() throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh"));
        command.addAll(Programs.example("words", "--help"));

        assertThat(programs.run(command).expectSentence(4))
                .startsWith("words: standard output cannot be written");
    }

    @Test
    void progressIsShownOnATerminal() throws Exception {
        file("a.txt", "one");
        String command = Programs.example("words").stream().map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ")); // a folder's name may have spaces

        Programs.Result words = programs.run(List.of("script", "--quiet", "--return", "--command",
                command, "/dev/null")).expectExit(0);

        assertThat(words.out()).contains("100% [", "1/1 files", "1 counted");
    }

    private void file(String name, String text) throws IOException {
        Path file = programs.directory().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
