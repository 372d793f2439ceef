package dev.ipcchannel.internal.base;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A relay of threads over queues of tasks that run a user's code. Usually one thread does all
/// tasks of a queue, one after the other; while one task keeps it for more than some ten
/// milliseconds, another thread, a virtual one, does those after it.
///
/// @param <T> the type of the tasks
@SuppressWarnings("ReferenceEquality") // tasks are meant by identity
public final class Relay<T> {

    private final Consumer<Queue<T>> runner;
    private final Set<Stretch<T>> stretches = ConcurrentHashMap.newKeySet();
    private final Watchdog watchdog = new Watchdog(this::look);

    /// @param runner polls such a queue until it is empty, and does what it gets; by several
    /// threads at once
    public Relay(Consumer<Queue<T>> runner) {
        this.runner = runner;
    }

    /// The part of a queue that one thread does.
    private static final class Stretch<T> {

        private final Queue<T> tasks;
        private @Nullable T seen; // the first that waits, at the last look; by the watchdog

        Stretch(Queue<T> tasks) {
            this.tasks = tasks;
        }

        /// Whether the thread is still at the same task as at the last look, and others wait.
        boolean isKept() {
            T next = tasks.peek();
            boolean isSame = next != null && next == seen;
            seen = isSame ? null : next; // the thread that takes its place has as much time
            return isSame;
        }
    }

    /// Does the tasks of a queue. When it returns, the queue is empty; where another thread has
    /// done some of them, it may still be at the last.
    ///
    /// @param tasks a queue that several threads may use at once
    public void run(Queue<T> tasks) {
        Stretch<T> stretch = new Stretch<>(tasks);
        try {
            boolean _ = stretches.add(stretch); // before the look whether the watchdog is on
            watchdog.turnOn();
            runner.accept(tasks);
        } finally {
            boolean _ = stretches.remove(stretch);
        }
    }

    /// Has another thread go on where one is kept.
    ///
    /// @return whether to look again
    private boolean look() {
        for (Stretch<T> stretch : stretches) {
            if (stretch.isKept()) {
                Thread _ = Thread.startVirtualThread(() -> run(stretch.tasks));
            }
        }
        return stretches.stream().anyMatch(stretch -> !stretch.tasks.isEmpty());
    }
}
