package dev.ipcchannel.internal.ring;

import dev.ipcchannel.internal.ring.RecordingMemory.Store;
import java.util.List;
import java.util.stream.IntStream;

/// The sets of a process's stores that another process can see at one moment, as x86-64 and AArch64
/// allow them: bits, the first store lowest.
///
/// - A release is visible only when every store before it is. So a set has a last visible release,
///   and holds everything before that.
/// - A plain store after that release may be visible or not, each for itself: it may overtake plain
///   stores and, on AArch64, releases that come before it in the program and are not visible yet.
/// - To the same bytes stores become visible in program order. Laying a set over the region in
///   program order keeps to that: where an earlier store is late, its bytes that a later one covers
///   are lost.
///
/// x86-64 alone would allow only the prefixes, which are among these sets.
final class VisibleStores {

    private VisibleStores() {}

    /// All sets of `stores`, at most 31, that hold at least the first `seen` of them.
    static int[] of(List<Store> stores, int seen) {
        if (stores.size() >= Integer.SIZE) {
            throw new IllegalArgumentException("at most 31 stores: count=" + stores.size());
        }
        IntStream.Builder sets = IntStream.builder();
        for (int last = seen - 1; last < stores.size(); last++) {
            if (last < seen || stores.get(last).isRelease()) {
                int certain = first(last + 1);
                int open = plain(stores) & ~certain;
                for (int some = open; some != 0; some = (some - 1) & open) {
                    sets.add(certain | some);
                }
                sets.add(certain);
            }
        }
        return sets.build().toArray();
    }

    /// The set of the first `count` stores.
    static int first(int count) {
        return (1 << count) - 1;
    }

    static boolean holds(int set, int store) {
        return (set >>> store & 1) != 0;
    }

    private static int plain(List<Store> stores) {
        return IntStream.range(0, stores.size())
                .filter(i -> !stores.get(i).isRelease())
                .map(i -> 1 << i)
                .sum();
    }
}
