package dev.ipcchannel.internal.value;

/// The number of values that the one at hand is inside of. A value that contains itself, or bytes
/// that claim so, meet the limit before they meet the end of the thread's stack.
///
/// Only a recursive type nests without bound, so only a step back to an enclosing type is counted,
/// with as many levels as lie between.
public final class Depth {

    public static final int LIMIT = 500;

    private int levels;

    public int levels() {
        return levels;
    }

    public void enter(int more) {
        levels += more;
        if (levels > LIMIT) {
            throw new CodecException("is nested too deep: limit=" + LIMIT);
        }
    }

    public void leave(int fewer) {
        levels -= fewer;
    }

    /// Goes back to a depth of before, after a failure too.
    public void restore(int before) {
        levels = before;
    }
}
