package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Findings;

/// The accounts of a round whose processes have ended: for each receiver and sender of one name,
/// the messages due and the messages received; and how often each question was begun.
final class Accounts {

    static final String ENDED =
            "pairs of a sender and a receiver that stayed, every message received";
    static final String UNDER_WAY = "pairs whose receiver joined under way";

    private static final String POOR =
            "pairs whose receiver's process has few descriptors, every message received";
    private static final String KILLED =
            "the same of a sender that was killed: all it had sent, and one more at most";

    private final Book book;
    private final Findings findings;

    Accounts(Book book, Findings findings) {
        this.book = book;
        this.findings = findings;
    }

    void check() {
        for (int i = 0; i < Book.MOST; i++) {
            checkQuestions(book.caller(i));
            Book.Line receiver = book.receiver(i);
            for (int j = 0; receiver.phase() != Phase.UNUSED && j < Book.MOST; j++) {
                Book.Line sender = book.sender(j);
                if (sender.phase() != Phase.UNUSED && sender.name() == receiver.name()) {
                    check(receiver, sender, book.pair(i, j));
                }
            }
        }
    }

    private void checkQuestions(Book.Line caller) {
        boolean wasKilled = book.process(caller.number() / Book.EACH).phase() == Phase.DEAD;
        for (long number = 1; number <= Book.QUESTIONS; number++) {
            Question question = book.question(caller.number(), number);
            // The last question of a killed caller may have been on its way.
            boolean isEnded = number <= caller.attempted() - (wasKilled ? 1 : 0);
            long least = question.isAnswered() ? 1 : 0;
            long most = number <= caller.attempted() ? question.most() : 0;
            if (question.begun() < least || question.begun() > most
                    || question.finished() < least || (isEnded && !question.isEnded())) {
                findings.fault(("question %d of caller %d (%s), which asked %d: begun=%d,"
                        + " finished=%d, may be begun=%d, has ended=%b, answered=%b").formatted(
                                number, caller.number(), caller.phase(), caller.attempted(),
                                question.begun(), question.finished(), most, question.isEnded(),
                                question.isAnswered()));
            }
        }
    }

    private void check(Book.Line receiver, Book.Line sender, Book.Pair pair) {
        boolean isSure = receiver.isSure() && sender.isSure();
        boolean hasGot = pair.first() != 0;
        // A receiver that was disconnected from a sender may miss what is sent until they are
        // connected again.
        boolean mayMiss = Names.isPoor(receiver.number() / Book.EACH);
        boolean isToTheEnd = receiver.phase() == Phase.DRAINED && !receiver.hasFallenShort()
                && (hasGot || (isSure && sender.done() > pair.base()));
        if (pair.last() > sender.attempted()) {
            fault("more than was sent", receiver, sender, pair);
        }
        if (hasGot && isSure && !mayMiss && pair.first() > pair.base() + 1) {
            fault("not from the first message after it was open", receiver, sender, pair);
        }
        boolean isWhole = pair.last() >= sender.done();
        if (isToTheEnd && !isWhole && !mayMiss) {
            fault("not to the last message", receiver, sender, pair);
        }
        if (isToTheEnd && isWhole) {
            findings.count(sender.phase() == Phase.CLOSED ? ENDED : KILLED);
            findings.count(POOR, mayMiss ? 1 : 0);
        }
        if (pair.first() > 1) {
            findings.count(UNDER_WAY);
        }
    }

    private void fault(String what, Book.Line receiver, Book.Line sender, Book.Pair pair) {
        findings.fault(("%s: receiver %d (%s%s) got %d to %d and had to get all after %d; sender %d"
                + " (%s%s) sent %d, and %d at most").formatted(what, receiver.number(),
                        receiver.phase(), sure(receiver), pair.first(), pair.last(), pair.base(),
                        sender.number(), sender.phase(), sure(sender), sender.done(),
                        sender.attempted()));
    }

    private static String sure(Book.Line line) {
        return line.isSure() ? ", sure" : "";
    }
}
