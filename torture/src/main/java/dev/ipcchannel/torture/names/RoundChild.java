package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// The common part of the processes of a [Round]. A process ends with 0 when the round is over and
/// no check has failed.
///
/// Arguments: the book's file, the number of the process, the seed, the file for its findings.
final class RoundChild {

    /// The work of a process in a round.
    @FunctionalInterface
    interface Part {

        /// Does the work until the round is over.
        void run(Book book, int process, SplittableRandom random, Findings findings)
                throws InterruptedException;
    }

    private RoundChild() {}

    /// Runs the part, and ends the process.
    static void run(String[] arguments, Part part) throws IOException, InterruptedException {
        int process = Integer.parseInt(arguments[1]);
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[2]));
        Findings findings = new Findings();
        try (Book book = Book.open(Path.of(arguments[0]))) {
            part.run(book, process, random, findings);
        }
        findings.write(Path.of(arguments[3]));
        System.exit(findings.faultCount() == 0 ? 0 : 1);
    }
}
