package dev.ipcchannel.named;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.internal.base.Printable;

/// A server of a name, as one of its callers knows it. What changes is used inside that caller's
/// lock.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class Server<Q, R> {

    private final long pid;
    private final String program;
    private final Caller<Q, Served<R>> caller;
    private int users; // calls that are in somebody's hands here
    private int asking; // those of them that the caller does not count yet
    private long lastTurn;
    private boolean hasLeft;

    /// @param pid its process
    /// @param program what people know that by; empty if nothing is known
    /// @param caller by which it is asked
    Server(long pid, String program, Caller<Q, Served<R>> caller) {
        this.pid = pid;
        this.program = program;
        this.caller = caller;
    }

    Caller<Q, Served<R>> caller() {
        return caller;
    }

    /// Whether it comes before another one: it has fewer calls open, or its last turn was before.
    boolean isBefore(Server<Q, R> other) {
        int difference = Integer.compare(load(), other.load());
        return difference < 0 || (difference == 0 && lastTurn < other.lastTurn);
    }

    /// A call that was given up counts as long as the server has not ended it.
    private int load() {
        return asking + caller.openCalls();
    }

    /// Somebody is about to ask it.
    void taken(long turn) {
        lastTurn = turn;
        users++;
        asking++;
    }

    /// It was asked, or could not be.
    void asked() {
        asking--;
    }

    /// A call of it is in nobody's hands any more.
    ///
    /// @return whether it is to be closed now
    boolean released() {
        users--;
        return hasLeft && users == 0;
    }

    /// It is asked nothing more.
    ///
    /// @return whether it is to be closed now
    boolean left() {
        boolean isFirst = !hasLeft;
        hasLeft = true;
        return isFirst && users == 0;
    }

    /// Ends what is open there.
    void close() {
        caller.close();
    }

    /// For people: `pid=4711 (app.Prices)`.
    @Override
    public String toString() {
        return "pid=" + pid + (program.isEmpty() ? "" : " (" + Printable.of(program) + ")");
    }
}
