package dev.ipcchannel.torture.names;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.torture.Findings;
import java.util.SplittableRandom;

/// A thread that opens one end of a name after another, each with its own line of the book, until
/// the round is over.
abstract class MemberThread implements Runnable {

    final Book book;
    final SplittableRandom random;
    final Findings findings;
    private final Lines lines;

    /// @param lines of the process, for ends of this kind
    MemberThread(Book book, Lines lines, SplittableRandom random, Findings findings) {
        this.book = book;
        this.lines = lines;
        this.random = random;
        this.findings = findings;
    }

    @Override
    public final void run() {
        for (int number = lines.next(); number >= 0 && !book.isOver(); number = lines.next()) {
            Book.Line line = line(number);
            try {
                live(line);
            } catch (TimedOut _) {
                findings.count("opens of a name that a stopped process held");
            } catch (Exception | Error failure) {
                failed(line, failure);
            } finally {
                end(line);
            }
        }
    }

    /// The name of its ends in a fault.
    abstract String what();

    /// The line of that number for an end of this kind.
    abstract Book.Line line(int number);

    /// Opens one end, uses it and closes it.
    abstract void live(Book.Line line) throws Exception;

    /// Judges the failure that has ended a life: it is a fault unless a kind of end expects it.
    void failed(Book.Line line, Throwable failure) {
        findings.fault("%s %d failed".formatted(what(), line.number()), failure);
    }

    /// Records in the book that a life is over.
    void end(Book.Line line) {
        line.enter(Phase.CLOSED);
    }
}
