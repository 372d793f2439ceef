package dev.ipcchannel.internal.end;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.IdentityHashMap;

/// The counters of the open ends of this process, and the sums over its closed ends.
///
/// It keeps the numbers of an open end, not the end itself: an end that is forgotten without a
/// close is added to the sums once the collector has found it. Any thread may call it; ends call it
/// only when they are opened and closed.
final class ProcessCounters {

    /// The counters of this process.
    static final ProcessCounters PROCESS = new ProcessCounters();

    /// An open end, known by the array of its numbers.
    private static final class Entry extends WeakReference<Counters> {

        private final Counters.Side side;
        private final long[] words;

        private Entry(Counters counters, ReferenceQueue<Counters> queue) {
            super(counters, queue);
            this.side = counters.side();
            this.words = counters.words();
        }
    }

    private final ReferenceQueue<Counters> forgotten = new ReferenceQueue<>();
    private final IdentityHashMap<long[], Entry> open = new IdentityHashMap<>();
    private final Counters closedSenders = new Counters(Counters.Side.SENDER);
    private final Counters closedReceivers = new Counters(Counters.Side.RECEIVER);

    /// Adds an end that was opened.
    synchronized void add(Counters counters) {
        foldForgotten();
        open.put(counters.words(), new Entry(counters, forgotten));
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
    synchronized Counters sum(Counters.Side side) {
        foldForgotten();
        Counters sum = new Counters(side);
        sum.addAll(closed(side).words());
        open.values().stream().filter(entry -> entry.side == side)
                .forEach(entry -> sum.addAll(entry.words));
        return sum;
    }

    private void foldForgotten() {
        for (Reference<?> found = forgotten.poll(); found != null; found = forgotten.poll()) {
            if (found instanceof Entry entry) {
                Counters.release(entry.words); // no thread counts there any more
                fold(entry.words);
            }
        }
    }

    private Counters closed(Counters.Side side) {
        return side == Counters.Side.SENDER ? closedSenders : closedReceivers;
    }
}
