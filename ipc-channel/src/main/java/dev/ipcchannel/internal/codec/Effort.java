package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;

/// The work that a message costs beyond its bytes: hashing and comparing, which a set or a map does
/// with its elements or keys, and which need not be linear in their bytes. Limited.
///
/// The unit is a byte looked at once more. Both sides of a channel count the same, in the same
/// order, so that a sender refuses what its receivers would. [Keys] has what is counted.
final class Effort {

    /// Work allowed for each byte of the message so far: an element may be compared with so many
    /// others, or lie so deep in sets of sets.
    static final int PER_BYTE = 64;

    /// Work allowed besides.
    static final int FREE = 1_000_000;

    private long work;
    private int inside; // so many keys that are hashed with all that is in them
    private double branching; // the most of what Keys calls so, of the key at hand

    /// Goes on with a value that is in no other.
    void start() {
        inside = 0;
        branching = 1;
    }

    /// Goes on with another message.
    void reset() {
        work = 0;
        start();
    }

    long work() {
        return work;
    }

    /// Counts in what is about to be done.
    ///
    /// @param bytes of the message so far
    /// @throws CodecException if it is too much
    void add(double more, long bytes) {
        double sum = work + more;
        double limit = FREE + (double) PER_BYTE * bytes;
        if (sum > limit) {
            throw new CodecException(("has elements or keys of which too many have one hash code,"
                    + " or are inside of each other: work=%.0f, limit=%.0f: give their class a"
                    + " hashCode that tells them apart, or send lists").formatted(sum, limit));
        }
        work = (long) sum;
    }

    boolean isInsideKey() {
        return inside > 0;
    }

    /// Goes into a key that may have sets or maps inside.
    ///
    /// @return what [#leaveKey] needs
    double enterKey() {
        double outer = branching;
        inside++;
        branching = 1;
        return outer;
    }

    /// Comes out of it.
    ///
    /// @return the key's branching
    double leaveKey(double outer) {
        double own = branching;
        inside--;
        branching = outer;
        return own;
    }

    /// A set or map inside of the key at hand branches so often.
    void branch(double times) {
        branching = Math.max(branching, times);
    }
}
