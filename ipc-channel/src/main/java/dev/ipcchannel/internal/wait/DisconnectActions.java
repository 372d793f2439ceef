package dev.ipcchannel.internal.wait;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The actions that users have registered for the end of the other side. Each runs once, on a
/// virtual thread of its own, so that it delays neither the watcher nor another action. Any thread
/// may use it.
public final class DisconnectActions {

    private static final int FEW = 16;

    private record Entry(BooleanSupplier isCancelled, Runnable action) {}

    private final List<Entry> waiting = new ArrayList<>(0);
    private int most = FEW; // waiting entries before the cancelled ones are removed
    private volatile boolean isEmpty = true;
    private boolean isOver;

    /// Whether there is no action to run: a look without a lock.
    public boolean isEmpty() {
        return isEmpty;
    }

    /// Adds an action; it runs at once if the other side is gone already.
    ///
    /// @param isCancelled whether the action is not wanted any more when its time comes
    public synchronized void add(BooleanSupplier isCancelled, Runnable action) {
        if (isOver) {
            start(new Entry(isCancelled, action));
            return;
        }
        if (waiting.size() >= most) { // else the actions of closed ends pile up
            waiting.removeIf(entry -> entry.isCancelled.getAsBoolean());
            most = Math.max(FEW, 2 * waiting.size()); // so that this search is rare
        }
        waiting.add(new Entry(isCancelled, action));
        isEmpty = false;
    }

    /// Runs all actions, because the other side is gone.
    public synchronized void run() {
        isOver = true;
        waiting.forEach(DisconnectActions::start);
        waiting.clear();
        isEmpty = true;
    }

    private static void start(Entry entry) {
        if (!entry.isCancelled.getAsBoolean()) {
            Thread.ofVirtual().name("ipc-channel disconnect").start(entry.action);
        }
    }
}
