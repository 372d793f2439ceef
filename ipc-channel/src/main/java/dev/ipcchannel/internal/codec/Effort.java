package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;

/// The work that a message costs beyond its bytes, which is limited: a set or a map hashes and
/// compares its elements or keys, and that work need not be linear in their bytes.
///
/// The unit is one further look at a byte. Both sides of a channel count the same work in the same
/// order, so that a sender refuses what its receivers would refuse. [Keys] says what is counted.
final class Effort {

    /// The work allowed for each byte of the message so far: an element may be compared with that
    /// many others, or lie that deep in sets of sets.
    static final int PER_BYTE = 64;

    /// The work allowed in addition.
    static final int FREE = 1_000_000;

    private long work;
    private int inside; // the number of enclosing keys that are hashed with their contents
    private double branching; // the largest branching, in the sense of Keys, in the present key

    /// Starts with a value that is in no other.
    void start() {
        inside = 0;
        branching = 1;
    }

    /// Starts with another message.
    void reset() {
        work = 0;
        start();
    }

    long work() {
        return work;
    }

    /// Counts work that is about to be done.
    ///
    /// @param bytes of the message so far
    /// @throws CodecException if it is too much
    void add(double more, long bytes) {
        double sum = work + more;
        double limit = FREE + (double) PER_BYTE * bytes;
        if (sum > limit) {
            throw new CodecException(("has elements or keys of which too many have one hash code,"
                    + " or are inside of each other: work=%.0f, limit=%.0f: give their class a"
                    + " hashCode with fewer collisions, or send lists").formatted(sum, limit));
        }
        work = (long) sum;
    }

    boolean isInsideKey() {
        return inside > 0;
    }

    /// Enters a key that may have sets or maps inside.
    ///
    /// @return the argument for [#leaveKey]
    double enterKey() {
        double outer = branching;
        inside++;
        branching = 1;
        return outer;
    }

    /// Leaves the key.
    ///
    /// @return the key's branching
    double leaveKey(double outer) {
        double own = branching;
        inside--;
        branching = outer;
        return own;
    }

    /// Notes that a set or map inside the present key branches so often.
    void branch(double times) {
        branching = Math.max(branching, times);
    }
}
