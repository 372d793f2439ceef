package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The counterparts that a [Role] has taken up, each with the role's own object for it, and their
/// lock and waits.
///
/// Any thread may use it. Functions that are passed to it run inside its lock, and do not wait.
///
/// @param <A> the class of the role's objects
public final class Counterparts<A> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // This and the next are guarded by the lock.
    private final Map<Counterpart, A> present = new LinkedHashMap<>();
    private boolean isOver;

    /// Adds a counterpart, or replaces its object.
    ///
    /// @return false if the member was closed
    public boolean put(Counterpart counterpart, A made) {
        return put(counterpart, made, () -> true);
    }

    /// The same, together with an action: a counterpart that is seen here has had it.
    ///
    /// @param join returns false if the counterpart must not be added
    /// @return false if it must not, or the member was closed
    public boolean put(Counterpart counterpart, A made, BooleanSupplier join) {
        lock.lock();
        try {
            boolean isIn = !isOver && join.getAsBoolean();
            if (isIn) {
                A _ = present.put(counterpart, made);
                changed.signalAll();
            }
            return isIn;
        } finally {
            lock.unlock();
        }
    }

    /// Removes a counterpart.
    ///
    /// @return its object; null if it was not there
    public @Nullable A remove(Counterpart counterpart) {
        lock.lock();
        try {
            changed.signalAll();
            return present.remove(counterpart);
        } finally {
            lock.unlock();
        }
    }

    /// The object of a counterpart; null if it is not there.
    public @Nullable A get(Counterpart counterpart) {
        return look(() -> present.get(counterpart));
    }

    /// The counterpart of an object; null if it is not there.
    public @Nullable Counterpart of(A made) {
        return look(() -> present.entrySet().stream().filter(one -> one.getValue().equals(made))
                .map(Map.Entry::getKey).findFirst().orElse(null));
    }

    /// The objects of all counterparts, in the order in which they came.
    public List<A> all() {
        return look(() -> List.copyOf(present.values()));
    }

    /// All counterparts, in the order in which they came.
    public List<Counterpart> counterparts() {
        return look(() -> List.copyOf(present.keySet()));
    }

    /// The text for these, for people: `pid=4711 (app.Prices), pid=4712 (app.Prices)`.
    public static String shown(Collection<Counterpart> some) {
        return some.stream()
                .map(one -> "pid=%d (%s)".formatted(one.pid(), Printable.of(one.program())))
                .collect(Collectors.joining(", "));
    }

    /// The number of counterparts.
    public int count() {
        return look(present::size);
    }

    /// The number of counterparts with such an object.
    public int count(Predicate<A> kind) {
        return look(() -> (int) present.values().stream().filter(kind).count());
    }

    /// Runs an action for each counterpart.
    public void forEach(BiConsumer<Counterpart, A> action) {
        lock.lock();
        try {
            present.forEach(action);
        } finally {
            lock.unlock();
        }
    }

    /// Whether the member was closed.
    public boolean isOver() {
        return look(() -> isOver);
    }

    /// Evaluates a question inside the lock.
    public <R extends @Nullable Object> R look(Supplier<R> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /// Makes a change inside the lock that a thread may wait for.
    public void change(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /// Waits until there are at least `count` counterparts.
    ///
    /// @return false if the deadline came first, or the member was closed
    public boolean await(int count, Deadline deadline) throws InterruptedException {
        return await(() -> present.size() >= count, deadline);
    }

    /// Waits until a change has made `isSo` true.
    ///
    /// @return false if the deadline came first, or the member was closed
    public boolean await(BooleanSupplier isSo, Deadline deadline) throws InterruptedException {
        return await(isSo, () -> Long.MAX_VALUE, deadline);
    }

    /// Waits until `isSo` is true, perhaps without a change.
    ///
    /// @param nextLook gives the nanoseconds until the next look
    /// @return false if the deadline came first, or the member was closed
    public boolean await(BooleanSupplier isSo, LongSupplier nextLook, Deadline deadline)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isOver && !isSo.getAsBoolean()) {
                if (deadline.isPast()) {
                    return false;
                }
                boolean _ = changed.await(
                        Math.min(deadline.remainingNanos(), nextLook.getAsLong()),
                        TimeUnit.NANOSECONDS);
            }
            return !isOver;
        } finally {
            lock.unlock();
        }
    }

    /// Ends all waits, because the member was closed, and its connections with it.
    ///
    /// @return the objects of the counterparts that were there
    public List<A> end() {
        lock.lock();
        try {
            isOver = true;
            List<A> last = new ArrayList<>(present.values());
            present.clear();
            changed.signalAll();
            return last;
        } finally {
            lock.unlock();
        }
    }
}
