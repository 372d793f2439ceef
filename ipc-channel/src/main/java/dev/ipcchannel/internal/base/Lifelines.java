package dev.ipcchannel.internal.base;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The lifelines of this process, to its parent and to its children, over whatever transport: the
/// one place from which it says that it goes away.
public final class Lifelines {

    private static final Set<Lifeline> OPEN = ConcurrentHashMap.newKeySet();

    // By the children that a server waits for.
    private static final ConcurrentMap<Process, Expected> EXPECTED = new ConcurrentHashMap<>();

    private Lifelines() {}

    /// The lifeline of a child that is about to connect to a server of this process.
    public static final class Expected implements AutoCloseable {

        private final Process child;
        private volatile @Nullable Lifeline lifeline; // by the thread that accepts

        private Expected(Process child) {
            this.child = child;
        }

        /// Null until the child has got through.
        public @Nullable Lifeline lifeline() {
            return lifeline;
        }

        @Override
        public void close() {
            EXPECTED.remove(child, this);
        }
    }

    /// Has the lifeline of `child` kept for the caller, until it closes what is returned.
    public static Expected expect(Process child) {
        Expected expected = new Expected(child);
        EXPECTED.put(child, expected);
        return expected;
    }

    /// The process that got through where `child` was waited for has this one.
    public static void arrived(Process child, Lifeline lifeline) {
        Expected expected = EXPECTED.get(child);
        if (expected != null) {
            expected.lifeline = lifeline;
        }
    }

    /// Keeps a lifeline until it ends.
    public static void add(Lifeline lifeline) {
        OPEN.add(lifeline);
        if (lifeline.end().isDone()) { // it may have ended before
            OPEN.remove(lifeline);
        }
    }

    /// It has ended, or was never there.
    public static void remove(Lifeline lifeline) {
        OPEN.remove(lifeline);
    }

    /// Says something to all processes at the other ends. Does not wait.
    public static void sayToAll(GoAway notice) {
        for (Lifeline lifeline : OPEN) {
            try {
                lifeline.say(notice);
            } catch (RuntimeException | OutOfMemoryError failure) { // a child is killed with the rest
                Log.error("a process has not heard that this one goes away", failure);
            }
        }
    }
}
