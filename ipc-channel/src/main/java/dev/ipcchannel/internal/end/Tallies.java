package dev.ipcchannel.internal.end;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.IdentityHashMap;

/// The tallies of the open ends of this process, and the sums over its closed ends.
///
/// It keeps the numbers of an open end, not the end itself: an end that is forgotten without a
/// close is added to the sums once the collector has found it. Any thread may call it; ends call it
/// only when they are opened and closed.
final class Tallies {

    /// The tallies of this process.
    static final Tallies PROCESS = new Tallies();

    /// An open end, known by the array of its numbers.
    private static final class Entry extends WeakReference<Tally> {

        private final Tally.Side side;
        private final long[] words;

        private Entry(Tally tally, ReferenceQueue<Tally> queue) {
            super(tally, queue);
            this.side = tally.side();
            this.words = tally.words();
        }
    }

    private final ReferenceQueue<Tally> forgotten = new ReferenceQueue<>();
    private final IdentityHashMap<long[], Entry> open = new IdentityHashMap<>();
    private final Tally closedSenders = new Tally(Tally.Side.SENDER);
    private final Tally closedReceivers = new Tally(Tally.Side.RECEIVER);

    /// Adds an end that was opened.
    synchronized void add(Tally tally) {
        foldForgotten();
        open.put(tally.words(), new Entry(tally, forgotten));
    }

    /// Adds a closed end, which has counted for the last time, to the sums. A second call for it
    /// does nothing.
    ///
    /// @param words its numbers
    synchronized void fold(long[] words) {
        Entry entry = open.remove(words);
        if (entry != null) {
            closed(entry.side).addAll(words);
        }
    }

    /// The sum of everything that all ends of one side have done, and that the open ones hold.
    synchronized Tally sum(Tally.Side side) {
        foldForgotten();
        Tally sum = new Tally(side);
        sum.addAll(closed(side).words());
        open.values().stream().filter(entry -> entry.side == side)
                .forEach(entry -> sum.addAll(entry.words));
        return sum;
    }

    private void foldForgotten() {
        for (Reference<?> found = forgotten.poll(); found != null; found = forgotten.poll()) {
            if (found instanceof Entry entry) {
                Tally.release(entry.words); // no thread counts there any more
                fold(entry.words);
            }
        }
    }

    private Tally closed(Tally.Side side) {
        return side == Tally.Side.SENDER ? closedSenders : closedReceivers;
    }
}
