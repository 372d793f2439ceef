package dev.ipcchannel.torture.names;

import java.util.concurrent.atomic.AtomicInteger;

/// The numbers of a process's lines in the [Book], for its senders or for another kind of its ends.
final class Lines {

    private final int first;
    private final AtomicInteger taken = new AtomicInteger();

    Lines(int process) {
        first = process * Book.EACH;
    }

    /// The next number; -1 if there is none.
    int next() {
        int next = taken.getAndIncrement();
        return next < Book.EACH ? first + next : -1;
    }
}
