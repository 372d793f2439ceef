package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.meet.NameList.Listed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The counterparts of a [Member] as a user's actions see them come and go: one event after
/// another, in order, on a virtual thread that is there while there is something to say.
final class MembershipEvents {

    private static final String JOINED = "an action for those who join a name failed";
    private static final String LEFT = "an action for those who leave a name failed";

    private final String name;
    private final Function<Counterpart, Listed> look;
    private final ReentrantLock lock = new ReentrantLock();

    // Inside the lock.
    private final Set<Counterpart> present = new LinkedHashSet<>();
    private final List<Consumer<Listed>> joins = new ArrayList<>(0);
    private final List<Consumer<Listed>> leaves = new ArrayList<>(0);
    private final Queue<Event> events = new ArrayDeque<>();
    private boolean isRunning;
    private boolean isClosed;

    /// @param failure that an action fails, in words
    /// @param actions that it is for
    private record Event(String failure, Listed listed, List<Consumer<Listed>> actions) {}

    /// @param name of the member that has these, for people
    /// @param look finds out what is known of a counterpart
    MembershipEvents(String name, Function<Counterpart, Listed> look) {
        this.name = name;
        this.look = look;
    }

    void onJoin(Consumer<Listed> action) {
        lock.lock();
        try {
            boolean _ = joins.add(action);
            present.forEach(one -> add(JOINED, one, List.of(action)));
        } finally {
            lock.unlock();
        }
    }

    void onLeave(Consumer<Listed> action) {
        lock.lock();
        try {
            boolean _ = leaves.add(action);
        } finally {
            lock.unlock();
        }
    }

    void joined(Counterpart counterpart) {
        lock.lock();
        try {
            boolean _ = present.add(counterpart);
            add(JOINED, counterpart, joins);
        } finally {
            lock.unlock();
        }
    }

    void left(Counterpart counterpart) {
        lock.lock();
        try {
            if (present.remove(counterpart)) {
                add(LEFT, counterpart, leaves);
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(String failure, Counterpart counterpart, List<Consumer<Listed>> actions) {
        if (isClosed || actions.isEmpty()) {
            return;
        }
        boolean _ = events.add(
                new Event(failure, look.apply(counterpart), List.copyOf(actions)));
        if (!isRunning) {
            Thread _ = Thread.ofVirtual().name("ipc-channel membership").start(this::run);
            isRunning = true; // then: there may be no memory for a thread
        }
    }

    private void run() {
        for (Event event = next(); event != null; event = next()) {
            for (Consumer<Listed> action : event.actions()) {
                run(action, event);
            }
        }
    }

    private void run(Consumer<Listed> action, Event event) {
        try {
            action.accept(event.listed());
        } catch (RuntimeException | Error failure) { // the next one runs all the same
            warn(event, failure);
        }
    }

    private void warn(Event event, Throwable failure) {
        try {
            Entry entry = event.listed().entry();
            Log.warning(event.failure(),
                    "name=%s, %s=%s: %s".formatted(name, Printable.brief(entry.shownRole()),
                            entry.shownProcess(), Printable.of(failure)),
                    failure);
        } catch (OutOfMemoryError _) {
            // No memory to say it with: the next one runs all the same.
        }
    }

    private @Nullable Event next() {
        lock.lock();
        try {
            Event event = events.poll();
            isRunning = event != null;
            return event;
        } finally {
            lock.unlock();
        }
    }

    /// Says no more.
    void close() {
        lock.lock();
        try {
            isClosed = true;
            events.clear();
            present.clear();
        } finally {
            lock.unlock();
        }
    }
}
