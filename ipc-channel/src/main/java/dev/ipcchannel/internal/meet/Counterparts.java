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

/// The counterparts that a [Role] has taken up, each with what the role has made of it, and the
/// lock and the waits that go with them.
///
/// Any thread may use it. What it is given to run runs inside its lock, and does not wait.
///
/// @param <A> what the role makes of each
public final class Counterparts<A> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Counterpart, A> present = new LinkedHashMap<>(); // these inside the lock
    private boolean isOver;

    /// Takes one in, or notes what has been made of it since.
    ///
    /// @return false if the member was closed
    public boolean put(Counterpart counterpart, A made) {
        return put(counterpart, made, () -> true);
    }

    /// The same, with something that goes with it: what is seen here has had that.
    ///
    /// @param join gives false where it is not to be taken in
    /// @return false if it is not, or the member was closed
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

    /// Lets one go.
    ///
    /// @return what was made of it; null if it was not there
    public @Nullable A remove(Counterpart counterpart) {
        lock.lock();
        try {
            changed.signalAll();
            return present.remove(counterpart);
        } finally {
            lock.unlock();
        }
    }

    /// What was made of one; null if it is not there.
    public @Nullable A get(Counterpart counterpart) {
        return look(() -> present.get(counterpart));
    }

    /// The one of which this was made; null if it is not there.
    public @Nullable Counterpart of(A made) {
        return look(() -> present.entrySet().stream().filter(one -> one.getValue().equals(made))
                .map(Map.Entry::getKey).findFirst().orElse(null));
    }

    /// What was made of all that are there, in the order in which they came.
    public List<A> all() {
        return look(() -> List.copyOf(present.values()));
    }

    /// All that are there, in the order in which they came.
    public List<Counterpart> counterparts() {
        return look(() -> List.copyOf(present.keySet()));
    }

    /// These, for people: `pid=4711 (app.Prices), pid=4712 (app.Prices)`.
    public static String shown(Collection<Counterpart> some) {
        return some.stream()
                .map(one -> "pid=%d (%s)".formatted(one.pid(), Printable.of(one.program())))
                .collect(Collectors.joining(", "));
    }

    /// How many are there.
    public int count() {
        return look(present::size);
    }

    /// How many are there of which such a thing was made.
    public int count(Predicate<A> kind) {
        return look(() -> (int) present.values().stream().filter(kind).count());
    }

    /// Does something with each.
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

    /// Finds something out.
    public <R extends @Nullable Object> R look(Supplier<R> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /// Changes something that is waited for.
    public void change(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /// Waits until so many are there.
    ///
    /// @return false if the deadline came first, or the member was closed
    public boolean await(int count, Deadline deadline) throws InterruptedException {
        return await(() -> present.size() >= count, deadline);
    }

    /// Waits until a change has brought something about.
    ///
    /// @return false if the deadline came first, or the member was closed
    public boolean await(BooleanSupplier isSo, Deadline deadline) throws InterruptedException {
        return await(isSo, () -> Long.MAX_VALUE, deadline);
    }

    /// Waits until something is so, perhaps without a change.
    ///
    /// @param nextLook after how many nanoseconds to look again
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

    /// Ends all waits: the member was closed, and its connections with it.
    ///
    /// @return what was made of those that were there
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
