package dev.ipcchannel.named;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.internal.base.Printable;

/// A server of a name, as known to one of its callers. Its changing fields are guarded by that
/// caller's lock.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class Server<Q, R> {

    private final long pid;
    private final String program;
    private final Caller<Q, ServerMessage<R>> caller;
    private int users; // open calls
    private int asking; // of these, the ones that `caller` does not count yet
    private long lastTurn;
    private boolean hasLeft;

    /// @param pid the number of its process
    /// @param program the name of its program for people; empty if it is not known
    /// @param caller that asks it
    Server(long pid, String program, Caller<Q, ServerMessage<R>> caller) {
        this.pid = pid;
        this.program = program;
        this.caller = caller;
    }

    Caller<Q, ServerMessage<R>> caller() {
        return caller;
    }

    /// Whether it is to be asked before another server: it has fewer open calls, or as many and an
    /// earlier last turn.
    boolean isBefore(Server<Q, R> other) {
        int difference = Integer.compare(load(), other.load());
        return difference < 0 || (difference == 0 && lastTurn < other.lastTurn);
    }

    /// The number of open calls. A call that was given up counts until the server has ended it.
    private int load() {
        return asking + caller.openCalls();
    }

    /// Notes that a thread is about to ask it.
    void taken(long turn) {
        lastTurn = turn;
        users++;
        asking++;
    }

    /// Notes that it was asked, or could not be asked.
    void asked() {
        asking--;
    }

    /// Notes that a call of it has ended for its user.
    ///
    /// @return whether the server is to be closed now
    boolean released() {
        users--;
        return hasLeft && users == 0;
    }

    /// Notes that it is not asked any more.
    ///
    /// @return whether the server is to be closed now
    boolean left() {
        boolean isFirst = !hasLeft;
        hasLeft = true;
        return isFirst && users == 0;
    }

    /// Ends its open calls.
    void close() {
        caller.close();
    }

    /// Its process and program, for people: `pid=4711 (app.Prices)`.
    @Override
    public String toString() {
        return "pid=" + pid + (program.isEmpty() ? "" : " (" + Printable.of(program) + ")");
    }
}
