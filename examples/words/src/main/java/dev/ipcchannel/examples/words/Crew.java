package dev.ipcchannel.examples.words;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.worker.WorkerListener;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A listener that counts the events of the workers, for the thread that counts words.
final class Crew implements WorkerListener {

    private final Queue<WorkerSnapshot> planned = new ConcurrentLinkedQueue<>();
    private final Semaphore events = new Semaphore(0);
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger dead = new AtomicInteger();
    private volatile boolean hasGivenUp;

    /// The number of workers that have become ready since the start.
    int ready() {
        return ready.get();
    }

    /// The number of workers that have ended unexpectedly.
    int dead() {
        return dead.get();
    }

    /// A worker that has ended by plan since the last call; null if none has.
    @Nullable
    WorkerSnapshot nextPlanned() {
        return planned.poll();
    }

    /// Whether the set no longer replaces workers that die.
    boolean hasGivenUp() {
        return hasGivenUp;
    }

    /// Waits until one of these values has changed since the last wait.
    void awaitEvent() throws InterruptedException {
        events.acquire();
    }

    @Override
    public void onStarted(WorkerSnapshot worker) {
        ready.incrementAndGet();
        events.release();
    }

    @Override
    public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
        if (wasPlanned) {
            planned.add(worker);
        } else {
            dead.incrementAndGet();
        }
        events.release();
    }

    @Override
    public void onGivenUp(String reason) {
        hasGivenUp = true;
        events.release();
    }
}
