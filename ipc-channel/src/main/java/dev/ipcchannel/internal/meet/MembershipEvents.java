package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The events of a [Member] for a user's actions, as counterparts join and leave: one event after
/// another, in order, on a virtual thread that runs while there are events.
///
/// While an action waits, events are kept up to a limit. Beyond it, a counterpart that joins and
/// leaves before any action has seen it is skipped.
final class MembershipEvents {

    /// The most events that are kept, in addition to those of members that are there or have been
    /// seen.
    static final int MAX_KEPT = 1_000;

    private final String name;
    private final Function<Counterpart, Entry> look;
    private final ReentrantLock lock = new ReentrantLock();

    // Inside the lock.
    private final Map<Counterpart, Event> present = new LinkedHashMap<>(); // each with its arrival
    private final List<Consumer<Entry>> joins = new ArrayList<>(0);
    private final List<Consumer<Entry>> leaves = new ArrayList<>(0);
    private final Queue<Event> events = new ArrayDeque<>();
    private volatile @Nullable Entry lastLeft; // also read outside of it
    private boolean isRunning;
    private boolean isClosed;

    /// The joining or leaving of a counterpart, with the actions to run.
    ///
    /// @param entry of the counterpart, as it was known then
    /// @param actions to run
    private record Event(Counterpart counterpart, Entry entry, boolean isArrival,
            List<Consumer<Entry>> actions) {}

    /// @param name of the member, for people
    /// @param look gives the entry of a counterpart
    MembershipEvents(String name, Function<Counterpart, Entry> look) {
        this.name = name;
        this.look = look;
    }

    void onJoin(Consumer<Entry> action) {
        lock.lock();
        try {
            boolean _ = joins.add(action);
            present.keySet().forEach(one -> add(event(one, true, List.of(action))));
        } finally {
            lock.unlock();
        }
    }

    void onLeave(Consumer<Entry> action) {
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
            Event arrival = event(counterpart, true, joins);
            Event _ = present.put(counterpart, arrival);
            add(arrival);
        } finally {
            lock.unlock();
        }
    }

    void left(Counterpart counterpart) {
        lock.lock();
        try {
            Event arrival = present.remove(counterpart);
            if (arrival == null) {
                return;
            }
            lastLeft = arrival.entry();
            if (!isPassedOver(arrival)) {
                add(event(counterpart, false, leaves));
            }
        } finally {
            lock.unlock();
        }
    }

    /// The entry of the counterpart that left or died last; null if none has.
    @Nullable
    Entry lastLeft() {
        return lastLeft;
    }

    private boolean isPassedOver(Event arrival) {
        boolean isUnseen = isFull() && events.contains(arrival);
        if (isUnseen) {
            boolean _ = events.removeIf(event -> event.isArrival()
                    && event.counterpart().equals(arrival.counterpart()));
        }
        return isUnseen;
    }

    private boolean isFull() {
        return events.size() >= MAX_KEPT;
    }

    private Event event(Counterpart counterpart, boolean isArrival,
            List<Consumer<Entry>> actions) {
        return new Event(counterpart, look.apply(counterpart), isArrival, List.copyOf(actions));
    }

    /// Adds an event. A joining without actions counts as seen while there is room.
    private void add(Event event) {
        boolean isFor = !event.actions().isEmpty() || (event.isArrival() && isFull());
        if (isClosed || !isFor) {
            return;
        }
        boolean _ = events.add(event);
        if (!isRunning) {
            Thread _ = Thread.ofVirtual().name("ipc-channel membership").start(this::run);
            isRunning = true; // afterwards: there may be no memory for a thread
        }
    }

    private void run() {
        for (Event event = next(); event != null; event = next()) {
            for (Consumer<Entry> action : event.actions()) {
                run(action, event);
            }
        }
    }

    private void run(Consumer<Entry> action, Event event) {
        try {
            action.accept(event.entry());
        } catch (RuntimeException | Error failure) { // the next one still runs
            warn(event, failure);
        }
    }

    private void warn(Event event, Throwable failure) {
        try {
            Entry entry = event.entry();
            Log.warning(event.isArrival() ? "an action for members that join a name failed"
                    : "an action for members that leave a name failed",
                    "name=%s, %s %s: %s".formatted(name, Printable.brief(entry.shownRole()),
                            entry.shownProcess(), Printable.of(failure)),
                    failure);
        } catch (OutOfMemoryError _) {
            // No memory for the line: the next action still runs.
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

    /// Drops all events, and takes no more.
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
