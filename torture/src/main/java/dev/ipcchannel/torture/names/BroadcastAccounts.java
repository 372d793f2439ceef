package dev.ipcchannel.torture.names;

import dev.ipcchannel.named.SlowReader;
import dev.ipcchannel.torture.Findings;

/// The accounts of a round of broadcasts whose processes have ended: for each receiver and sender
/// of one name, the messages received, the messages reported as missing, and the messages that the
/// sender reports as dropped.
final class BroadcastAccounts {

    static final String WHOLE = "pairs whose sender waits for slow readers, every message received";
    static final String COUNTED = "senders that dropped messages, as many as were missed or more";

    private final Book book;
    private final Findings findings;

    BroadcastAccounts(Book book, Findings findings) {
        this.book = book;
        this.findings = findings;
    }

    void check() {
        for (int i = 0; i < Book.MOST; i++) {
            Book.Line sender = book.sender(i);
            if (sender.phase() != Phase.UNUSED) {
                check(sender);
            }
        }
    }

    private void check(Book.Line sender) {
        long missed = 0;
        for (int i = 0; i < Book.MOST; i++) {
            Book.Line receiver = book.receiver(i);
            if (receiver.phase() != Phase.UNUSED && receiver.name() == sender.name()) {
                Book.Pair pair = book.pair(i, sender.number());
                check(receiver, sender, pair);
                missed += missed(receiver, sender, pair);
            }
        }
        // A killed sender has reported nothing.
        if (sender.phase() == Phase.CLOSED && missed > sender.dropped()) {
            findings.fault("sender %d (%s) has dropped %d, and %d were missed".formatted(
                    sender.number(), sender.policy(), sender.dropped(), missed));
        }
        findings.count(COUNTED, sender.phase() == Phase.CLOSED && missed > 0 ? 1 : 0);
    }

    private void check(Book.Line receiver, Book.Line sender, Book.Pair pair) {
        boolean isSure = receiver.isSure() && sender.isSure();
        boolean isWaiting = sender.policy() == SlowReader.WAIT;
        if (pair.last() > sender.attempted()) {
            fault("more than was sent", receiver, sender, pair);
        }
        if (isSure && pair.first() > pair.base() + 1
                && (isWaiting || sender.policy() == SlowReader.DISCONNECT)) {
            fault("not from the first message after it was open", receiver, sender, pair);
        }
        if (isSure && isWaiting && receiver.phase() == Phase.DRAINED
                && sender.done() > pair.base()) {
            if (pair.last() < sender.done()) {
                fault("not to the last message", receiver, sender, pair);
            }
            findings.count(WHOLE);
        }
    }

    /// The number of the sender's messages that the receiver has certainly missed.
    private static long missed(Book.Line receiver, Book.Line sender, Book.Pair pair) {
        boolean isToTheEnd = receiver.phase() == Phase.DRAINED && receiver.isSure()
                && sender.isSure() && (sender.policy() == SlowReader.FAIL
                        || sender.policy() == SlowReader.DROP_NEWEST);
        if (!isToTheEnd) {
            return pair.missed();
        }
        long first = pair.first() == 0 ? sender.done() + 1 : pair.first();
        long before = Math.max(0, first - 1 - pair.base());
        long after = pair.first() == 0 ? 0 : Math.max(0, sender.done() - pair.last());
        return before + pair.missed() + after;
    }

    private void fault(String what, Book.Line receiver, Book.Line sender, Book.Pair pair) {
        findings.fault(("%s: receiver %d (%s, sure=%b) got %d to %d, was notified of %d missing,"
                + " and had to get all after %d; sender %d (%s, %s, sure=%b) sent %d, and %d at"
                + " most")
                .formatted(what, receiver.number(), receiver.phase(), receiver.isSure(),
                        pair.first(), pair.last(), pair.missed(), pair.base(), sender.number(),
                        sender.phase(), sender.policy(), sender.isSure(), sender.done(),
                        sender.attempted()));
    }
}
