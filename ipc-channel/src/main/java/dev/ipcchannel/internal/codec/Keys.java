package dev.ipcchannel.internal.codec;

import dev.ipcchannel.internal.value.CodecException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The elements of one set, or the keys of one map, in the order of the message, and the work that
/// a hash table has with them.
///
/// A table hashes each key, and compares it with the earlier keys of the same hash code: with all
/// of them at worst. (For keys with other codes it compares only the codes, in a list of at most
/// eight or in a tree.) So it looks at no more than
///
/// ```text
///     the bytes of all keys                                             to hash them
///     (n - 1) / 2 * the weight of its keys * the keys' branching        for each n with one code
/// ```
///
/// A key is *flat* if it has neither sets nor maps inside: then its weight is its bytes, and its
/// branching is 1. Any other key is hashed and compared by the tables inside it. The work of these
/// tables is in its weight. Each part of the key may meet as many parts of another as have the same
/// code, multiplied over all levels: that is the branching. The work done is then at most twice the
/// counted work.
///
/// Work that cannot exceed [Effort#PER_BYTE] is not counted: that of up to [#FEW] flat keys, and
/// that of any number of strings and primitives, which a table sorts into a tree if they have one
/// code.
final class Keys {

    /// The kind of a type of keys.
    enum Kind {

        /// Strings, primitives, enums.
        SIMPLE,

        /// Keys without sets and maps inside.
        FLAT,

        /// All others.
        DEEP;

        static Kind of(Shape key) {
            if (key instanceof Shape.OfString || key instanceof Shape.OfPrimitive
                    || key instanceof Shape.OfEnum) {
                return SIMPLE;
            }
            return isFlat(key, 0) ? FLAT : DEEP;
        }
    }

    static final int FEW = 2 * Effort.PER_BYTE + 1;

    private static final int FIRST = 64;
    private static final int A_HANDFUL = 16; // up to so many, codes are compared in pairs
    private static final int[] NONE = {};
    private static final long[] NO_WEIGHTS = {};
    private static final int NO_COLLISIONS = 4; // negligible, for each byte of the keys
    private static final int GOLDEN = 0x9E3779B9; // spreads codes that lie close together

    private final Effort effort;
    private final Kind kind;
    private final boolean areCounted;
    private final boolean areHashedOnce; // as linear as reading them
    private int[] codes;
    private long[] weights;
    private int count;
    private long bytes; // of all keys
    private long most; // the weight of the heaviest key
    private long start; // of the present key
    private long workBefore;
    private double outerBranching;
    private double branching = 1; // the largest of a key

    private Keys(Effort effort, Kind kind, boolean areCounted, int room) {
        this.effort = effort;
        this.kind = kind;
        this.areCounted = areCounted;
        areHashedOnce = kind != Kind.DEEP && !effort.isInsideKey();
        codes = areCounted ? new int[room] : NONE;
        weights = areCounted ? new long[room] : NO_WEIGHTS;
    }

    /// The keys of a message that is written, `count` in number.
    static Keys written(Effort effort, Kind kind, int count) {
        return new Keys(effort, kind, !areFree(effort, kind, count), count);
    }

    /// The keys of a message that is read, `count` in number or, if the number is not known, at
    /// most so many: with room only for those that have come.
    static Keys read(Effort effort, Kind kind, int count) {
        return new Keys(effort, kind, !areFree(effort, kind, count), Math.min(count, FIRST));
    }

    /// @param inside the number of records and sealed interfaces around `shape`, up to the key
    private static boolean isFlat(Shape shape, int inside) {
        return switch (shape) {
            case Shape.OfSet _,Shape.OfMap _ -> false;
            case Shape.OfList list -> isFlat(list.element(), inside);
            case Shape.OfOptional optional -> isFlat(optional.element(), inside);
            case Shape.OfRecord composite -> composite.components().stream()
                    .allMatch(component -> isFlat(component.shape(), inside + 1));
            case Shape.OfSealed composite -> composite.cases().stream()
                    .allMatch(one -> isFlat(one.shape(), inside + 1));
            // A reference beyond the key leads to a type that has this set or map inside.
            case Shape.Reference reference -> reference.up() <= inside;
            default -> true; // an array is hashed and compared by identity, whatever its elements
        };
    }

    /// Whether nothing is counted for `count` keys.
    static boolean areFree(Effort effort, Kind kind, int count) {
        return (kind == Kind.SIMPLE || (kind == Kind.FLAT && count <= FEW))
                && !effort.isInsideKey();
    }

    int count() {
        return count;
    }

    /// Notes that a key begins.
    ///
    /// @param at bytes of the message so far
    void begin(long at) {
        if (!areCounted) {
            return;
        }
        start = at;
        workBefore = effort.work();
        if (kind == Kind.DEEP) {
            outerBranching = effort.enterKey();
        }
    }

    /// Hashes the key, which is complete.
    ///
    /// @param at bytes of the message so far
    /// @throws CodecException if that is too much work
    void add(Object key, long at) {
        if (!areCounted) {
            count++;
            return;
        }
        long own = at - start;
        long weight = own + effort.work() - workBefore;
        if (kind == Kind.DEEP) {
            branching = Math.max(branching, effort.leaveKey(outerBranching));
        }
        if (!areHashedOnce) {
            effort.add((double) own, at);
        }
        if (count == codes.length) {
            int more = (int) Math.min(Integer.MAX_VALUE - 8, 2L * count + 1);
            codes = Arrays.copyOf(codes, more);
            weights = Arrays.copyOf(weights, more);
        }
        bytes += own;
        most = Math.max(most, weight);
        weights[count] = weight;
        codes[count++] = key.hashCode();
    }

    /// Counts the work of a table with these keys, before the table is made.
    ///
    /// @param at bytes of the message so far
    /// @throws CodecException if it is too much
    void settle(long at) {
        if (areFree(effort, kind, count)) {
            return;
        }
        if (count <= A_HANDFUL ? doCollide() : !areHashedOnce || mayCollide()) {
            countGroups(at);
        } else {
            effort.branch(branching);
        }
    }

    private boolean doCollide() {
        for (int i = 1; i < count; i++) {
            for (int j = 0; j < i; j++) {
                if (codes[i] == codes[j]) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Counts collisions by places of a table, so unequal codes may count as equal.
    private boolean mayCollide() {
        int shift = Integer.numberOfLeadingZeros(count) - 1;
        byte[] places = new byte[1 << (Integer.SIZE - shift)]; // two to four places for each key
        long pairs = 0;
        for (int i = 0; i < count; i++) {
            int before = places[(codes[i] * GOLDEN) >>> shift]++;
            if (before == Byte.MAX_VALUE) {
                return true;
            }
            pairs += before;
        }
        return (double) pairs * most > (double) NO_COLLISIONS * bytes;
    }

    private void countGroups(long at) {
        long[] ordered = new long[count]; // by their codes, each with its index
        for (int i = 0; i < count; i++) {
            ordered[i] = (long) codes[i] << Integer.SIZE | i;
        }
        Arrays.sort(ordered);
        double collisions = 0;
        int largest = 1;
        int next;
        for (int first = 0; first < count; first = next) {
            double group = 0;
            for (next = first; next < count && code(ordered[next]) == code(ordered[first]);) {
                group += weights[(int) ordered[next++]];
            }
            collisions += group * (next - first - 1) / 2;
            largest = Math.max(largest, next - first);
        }
        effort.add(collisions * branching, at);
        effort.branch(largest * branching);
    }

    private static int code(long ordered) {
        return (int) (ordered >> Integer.SIZE);
    }

    static CodecException twiceInSet() {
        return new CodecException("is in the set already");
    }

    static CodecException twiceInMap() {
        return new CodecException("is in the map already");
    }

    /// A set of these elements, all different.
    static Set<Object> toSet(Object[] elements) {
        Set<Object> set = LinkedHashSet.newLinkedHashSet(elements.length);
        for (int i = 0; i < elements.length; i++) {
            if (!set.add(elements[i])) {
                throw twiceInSet().inside("[" + i + "]");
            }
        }
        return Collections.unmodifiableSet(set);
    }

    /// A map from these keys, all different, to their values.
    static Map<Object, Object> toMap(Object[] keys, Object[] values) {
        Map<Object, Object> map = LinkedHashMap.newLinkedHashMap(keys.length);
        for (int i = 0; i < keys.length; i++) {
            if (map.putIfAbsent(keys[i], values[i]) != null) {
                throw twiceInMap().inside("[" + i + "].key");
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
