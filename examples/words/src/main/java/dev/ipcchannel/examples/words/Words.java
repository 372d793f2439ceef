package dev.ipcchannel.examples.words;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.examples.words.WordCount.Course;
import dev.ipcchannel.launcher.Command;
import dev.ipcchannel.launcher.StandardOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedSet;
import org.apache.commons.cli.ParseException;

/// A program that counts the words of many files, each a job for a worker process, and accounts for
/// every file.
public final class Words {

    private static final int ALL_COUNTED = 0;
    private static final int SOME_NOT_COUNTED = 1;
    private static final int WRONG_USAGE = 2; // or there is nothing to count
    private static final int NO_WORKERS = 3;
    private static final int OUTPUT_LOST = 4;
    private static final int MIB_BITS = 20;

    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private final WordsOptions options;
    private final Tally tally = new Tally();

    private Words(WordsOptions options) {
        this.options = options;
    }

    /// Runs the program; `--help` explains its arguments and exit codes.
    ///
    /// @throws InterruptedException never: no other thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args));
    }

    private static int run(String[] args) throws InterruptedException {
        try {
            WordsOptions options = WordsOptions.parse(args);
            Words words = new Words(options);
            int exitCode = options.isHelp() ? words.printHelp() : words.run();
            if (words.out.checkError()) {
                return StandardOutput.lost("words", OUTPUT_LOST);
            }
            return exitCode;
        } catch (ParseException wrongUsage) {
            return fail(WRONG_USAGE, String.valueOf(wrongUsage.getMessage()));
        } catch (IOException failure) {
            return fail(WRONG_USAGE, "a folder cannot be read: " + failure.getMessage());
        } catch (IpcException failure) {
            return fail(NO_WORKERS, String.valueOf(failure.getMessage()));
        }
    }

    private int printHelp() {
        out.println(WordsOptions.help());
        return ALL_COUNTED;
    }

    private int run() throws IOException, InterruptedException {
        TextFiles search = new TextFiles(tally);
        for (Path folder : options.folders()) {
            search.addFrom(folder);
        }
        SortedSet<String> files = search.files();
        int found = files.size() + tally.settled();
        if (found == 0) {
            return fail(WRONG_USAGE,
                    "there is no *.java, *.md or *.txt file in these folders: folders="
                            + options.folders() + ": name another one");
        }
        print(found, count(files, found));
        tally.failures().forEach((path, reason) -> fail(0, path + " is not counted: " + reason));
        return tally.failures().isEmpty() ? ALL_COUNTED : SOME_NOT_COUNTED;
    }

    private Course count(SortedSet<String> files, int found) throws InterruptedException {
        if (files.isEmpty()) {
            return new Course(0, 0, 0, 0, 0);
        }
        try (ProgressLine progress = ProgressLine.of(found, out)) {
            return new WordCount(files, options, tally, progress).run();
        }
    }

    private void print(int found, Course course) {
        tally.printWords(out);
        out.printf("Workers: %d at once, %d killed, %d died, %d replaced%n", options.workers(),
                course.killed(), course.dead(), course.replaced());
        if (options.memory() > 0) {
            out.printf("Memory: %d others replaced by plan, with more than %d MiB%n",
                    course.planned(),
                    options.memory() >> MIB_BITS);
        }
        out.printf("Jobs: %d done, %d failed, %d given to another worker on the way%n",
                tally.counted(), tally.failures().size(), course.retried());
        tally.printFiles(found, out);
    }

    private static int fail(int exitCode, String sentence) {
        System.err.println(Command.name("words") + ": " + sentence);
        return exitCode;
    }
}
