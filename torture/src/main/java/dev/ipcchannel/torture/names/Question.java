package dev.ipcchannel.torture.names;

/// The records of a caller and of servers on one question. Each is written once, except those of
/// servers that begin and finish it.
record Question(Book book, long at) {

    private static final long FINISHED = 1L << 16; // below it: how often it was begun
    private static final long COUNTS = FINISHED - 1;
    private static final long IS_IDEMPOTENT = 1L << 32;
    private static final long IS_ANSWERED = 1L << 33;
    private static final long IS_ENDED = 1L << 34;

    /// Records that the question may be answered twice.
    void setIdempotent() {
        book.add(at, IS_IDEMPOTENT);
    }

    /// Records that a handler has begun it.
    void begin() {
        book.add(at, 1);
    }

    /// Records that a handler has finished it.
    void finish() {
        book.add(at, FINISHED);
    }

    /// Records that its caller knows the outcome.
    void end(boolean isAnswered) {
        book.add(at, isAnswered ? IS_ENDED | IS_ANSWERED : IS_ENDED);
    }

    long begun() {
        return book.get(at) & COUNTS;
    }

    long finished() {
        return (book.get(at) / FINISHED) & COUNTS;
    }

    boolean isAnswered() {
        return (book.get(at) & IS_ANSWERED) != 0;
    }

    boolean isEnded() {
        return (book.get(at) & IS_ENDED) != 0;
    }

    /// The number of times that it may be begun.
    long most() {
        return (book.get(at) & IS_IDEMPOTENT) != 0 ? 2 : 1;
    }
}
