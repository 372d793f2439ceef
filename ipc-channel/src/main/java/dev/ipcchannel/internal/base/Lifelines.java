package dev.ipcchannel.internal.base;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The lifelines of this process, to its parent and to its children, over whatever transport: the
/// one place from which it says that it goes away.
public final class Lifelines {

    private static final Set<Lifeline> OPEN = ConcurrentHashMap.newKeySet();

    // By the children that a server waits for.
    private static final ConcurrentMap<Process, Expected> EXPECTED = new ConcurrentHashMap<>();

    private Lifelines() {}

    /// A child that is about to connect to a server of this process: what is known of it, and then its
    /// lifeline.
    public static final class Expected implements AutoCloseable {

        private final Process child;
        private final String name;
        private final Function<RuntimeException, @Nullable String> words;
        private volatile @Nullable Lifeline lifeline; // by the thread that accepts

        private Expected(Process child, String name,
                Function<RuntimeException, @Nullable String> words) {
            this.child = child;
            this.name = name;
            this.words = words;
        }

        /// As its user has it.
        public String name() {
            return name;
        }

        /// What it is told where its message fails here; null where that is said as to any client.
        public @Nullable String words(RuntimeException failure) {
            return words.apply(failure);
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
    ///
    /// @param name of the child, as its user has it
    /// @param words what it is told where its message fails here, see [Expected#words]
    public static Expected expect(Process child, String name,
            Function<RuntimeException, @Nullable String> words) {
        Expected expected = new Expected(child, name, words);
        EXPECTED.put(child, expected);
        return expected;
    }

    /// What a transport of this process has said of a child that it expects; null if none has.
    public static @Nullable Expected expected(Process child) {
        return EXPECTED.get(child);
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
