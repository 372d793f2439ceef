package dev.ipcchannel.internal.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A queue in the order of rank: the time of arrival less a head start, by which a priority counts
/// as time already waited. So no entry starves: those that arrive late enough come after it,
/// whatever their priority.
///
/// Entries of one head start usually come in their order, and stand in a lane of their own, so that
/// such an entry costs no more than in a queue in order of arrival. A lane and the heap are sorted;
/// the first entry of all is the first one of these. In the heap stands what would have to go
/// between others of its lane, and what has one more head start than there are lanes. So an entry
/// of the heap may have the head start of a lane, and come before or after any entry there. Used by
/// one thread at a time.
///
/// @param <J> the type of the entries
@SuppressWarnings("ReferenceEquality") // entries are meant by identity
public final class AgingQueue<J extends AgingQueue.Entry> {

    private static final Comparator<Entry> BY_RANK = (one, other) -> {
        long later = one.rank() - other.rank(); // either may have wrapped around
        return later == 0 ? Long.compare(one.number(), other.number()) : Long.signum(later);
    };

    /// The most lanes: the first entry is found by a look at the first of each.
    static final int MOST_LANES = 8;

    private final List<Lane<J>> lanes = new ArrayList<>(1);
    private final PriorityQueue<J> heap = new PriorityQueue<>(BY_RANK);

    /// An entry of such a queue. What it says does not change while it is in the queue.
    public interface Entry {

        /// The time of arrival, less the head start, in nanoseconds of [System#nanoTime]. It may be
        /// later than that.
        long rank();

        /// A number that counts up with each entry, for those of equal rank.
        long number();

        /// The head start, in nanoseconds.
        long headStart();
    }

    /// The entries of one head start, in their order. An empty lane may get another head start.
    private static final class Lane<J> {

        private final ArrayDeque<J> entries = new ArrayDeque<>();
        private long headStart;
    }

    /// Whether an entry comes before another one.
    public static boolean isBefore(Entry one, Entry other) {
        return BY_RANK.compare(one, other) < 0;
    }

    public boolean isEmpty() {
        return first() == null;
    }

    /// Adds an entry that has just come.
    public void add(J entry) {
        Lane<J> lane = laneFor(entry);
        J last = lane == null ? null : lane.entries.peekLast();
        if (lane != null && (last == null || isBefore(last, entry))) {
            lane.entries.addLast(entry);
        } else {
            boolean _ = heap.add(entry);
        }
    }

    /// Adds an entry that was in the queue before, at the place of its rank: without a search,
    /// since one that comes neither first nor last in its lane goes to the heap.
    public void putBack(J entry) {
        Lane<J> lane = laneFor(entry);
        J first = lane == null ? null : lane.entries.peekFirst();
        if (lane != null && first != null && isBefore(entry, first)) {
            lane.entries.addFirst(entry);
        } else {
            add(entry);
        }
    }

    /// The lane of the entry's head start, which may be an empty one that had another before; null
    /// if all lanes have entries of others.
    private @Nullable Lane<J> laneFor(J entry) {
        Lane<J> found = laneOf(entry);
        if (found != null) {
            return found;
        }
        for (Lane<J> lane : lanes) {
            if (lane.entries.isEmpty()) {
                found = lane;
            }
        }
        if (found == null && lanes.size() < MOST_LANES) {
            found = new Lane<>();
            lanes.add(found);
        }
        if (found != null) {
            found.headStart = entry.headStart();
        }
        return found;
    }

    private @Nullable Lane<J> laneOf(J entry) {
        long headStart = entry.headStart();
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).headStart == headStart) {
                return lanes.get(i);
            }
        }
        return null;
    }

    /// The first entry, which stays in the queue.
    public @Nullable J first() {
        J first = heap.peek();
        for (int i = 0; i < lanes.size(); i++) {
            first = earlier(first, lanes.get(i).entries.peekFirst());
        }
        return first;
    }

    /// The first entry that `isWanted` accepts; null if there is none.
    public @Nullable J first(Predicate<? super J> isWanted) {
        J first = first();
        if (first == null || isWanted.test(first)) {
            return first;
        }
        J found = null;
        for (J entry : heap) { // in no order
            if (isWanted.test(entry)) {
                found = earlier(found, entry);
            }
        }
        for (Lane<J> lane : lanes) {
            found = earlier(found, firstOf(lane, isWanted));
        }
        return found;
    }

    private static <J> @Nullable J firstOf(Lane<J> lane, Predicate<? super J> isWanted) {
        for (J entry : lane.entries) {
            if (isWanted.test(entry)) {
                return entry;
            }
        }
        return null;
    }

    private static <J extends Entry> @Nullable J earlier(@Nullable J first, @Nullable J second) {
        return first == null || (second != null && isBefore(second, first)) ? second : first;
    }

    /// Removes an entry: without a search if it is the first one of its lane, or of the heap.
    ///
    /// @return whether it was in the queue
    public boolean remove(J entry) {
        Lane<J> lane = laneOf(entry);
        if (lane != null && lane.entries.peekFirst() == entry) {
            J _ = lane.entries.removeFirst();
            return true;
        }
        if (heap.peek() == entry) {
            J _ = heap.poll();
            return true;
        }
        return (lane != null && lane.entries.remove(entry)) || heap.remove(entry);
    }

    /// Hands each entry to `taker`, in no order.
    public void forEach(Consumer<? super J> taker) {
        lanes.forEach(lane -> lane.entries.forEach(taker));
        heap.forEach(taker);
    }

    /// Removes all entries.
    public void clear() {
        lanes.clear();
        heap.clear();
    }
}
