package dev.ipcchannel.internal.job;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A queue in the order of rank: the time of arrival less a head start, by which a priority counts
/// as time already waited. So no entry starves: those that arrive late enough come after it,
/// whatever their priority.
///
/// Entries without a head start, the usual case, are in a queue of their own, which costs no more
/// than one in order of arrival. Used by one thread at a time.
///
/// @param <J> the type of the entries
@SuppressWarnings("ReferenceEquality") // entries are meant by identity
public final class AgingQueue<J extends AgingQueue.Entry> {

    private static final Comparator<Entry> BY_RANK = (one, other) -> {
        long later = one.rank() - other.rank(); // either may have wrapped around
        return later == 0 ? Long.compare(one.number(), other.number()) : Long.signum(later);
    };

    private final ArrayDeque<J> plain = new ArrayDeque<>();
    private final PriorityQueue<J> ranked = new PriorityQueue<>(BY_RANK);

    /// An entry of such a queue, with a rank that does not change while it is in the queue.
    public interface Entry {

        /// The time of arrival, less the head start, in nanoseconds of [System#nanoTime].
        long rank();

        /// A number that counts up with each entry, for those of equal rank.
        long number();

        /// Whether the rank differs from the time of arrival.
        boolean isRanked();
    }

    /// Whether an entry comes before another one.
    public static boolean isBefore(Entry one, Entry other) {
        return BY_RANK.compare(one, other) < 0;
    }

    public boolean isEmpty() {
        return plain.isEmpty() && ranked.isEmpty();
    }

    /// Adds an entry that has just come.
    public void add(J entry) {
        if (entry.isRanked()) {
            boolean _ = ranked.add(entry);
        } else {
            plain.addLast(entry);
        }
    }

    /// Adds an entry that was in the queue before, at the place of its rank. The memory that this
    /// needs is allocated before any entry moves.
    public void putBack(J entry) {
        if (entry.isRanked()) {
            boolean _ = ranked.add(entry);
            return;
        }
        plain.addFirst(entry);
        int earlier = 0;
        for (J other : plain) {
            if (other != entry && !isBefore(other, entry)) {
                break;
            }
            earlier++;
        }
        J _ = plain.removeFirst();
        rotate(earlier - 1);
        plain.addFirst(entry);
        rotate(1 - earlier);
    }

    /// Moves `count` entries from the front to the end; if negative, from the end to the front.
    private void rotate(int count) {
        for (int i = 0; i < count; i++) {
            plain.addLast(plain.removeFirst());
        }
        for (int i = count; i < 0; i++) {
            plain.addFirst(plain.removeLast());
        }
    }

    /// The first entry, which stays in the queue.
    public @Nullable J first() {
        return earlier(plain.peekFirst(), ranked.peek());
    }

    /// The first entry that `isWanted` accepts; null if there is none.
    public @Nullable J first(Predicate<? super J> isWanted) {
        J first = first();
        if (first == null || isWanted.test(first)) {
            return first;
        }
        J found = null;
        for (J entry : ranked) { // in no order
            if (isWanted.test(entry)) {
                found = earlier(found, entry);
            }
        }
        for (J entry : plain) {
            if (isWanted.test(entry)) {
                return earlier(entry, found);
            }
        }
        return found;
    }

    private static <J extends Entry> @Nullable J earlier(@Nullable J first, @Nullable J second) {
        return first == null || (second != null && isBefore(second, first)) ? second : first;
    }

    /// Removes an entry: without a search if it is the first one.
    ///
    /// @return whether it was in the queue
    public boolean remove(J entry) {
        if (entry.isRanked()) {
            return ranked.remove(entry);
        }
        if (plain.peekFirst() == entry) {
            J _ = plain.removeFirst();
            return true;
        }
        return plain.remove(entry);
    }

    /// Hands each entry to `taker`, in no order.
    public void forEach(Consumer<? super J> taker) {
        plain.forEach(taker);
        ranked.forEach(taker);
    }

    /// Removes all entries.
    public void clear() {
        plain.clear();
        ranked.clear();
    }
}
