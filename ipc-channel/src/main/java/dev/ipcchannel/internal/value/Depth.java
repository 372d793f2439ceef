package dev.ipcchannel.internal.value;

/// The number of values around the present one. A value that contains itself, or bytes that claim
/// so, reach the limit before the end of the thread's stack.
///
/// Only a recursive type nests without bound. So only a step back to an enclosing type is counted,
/// with the number of levels in between.
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

    /// Goes back to an earlier depth, also after a failure.
    public void restore(int before) {
        levels = before;
    }
}
