package dev.ipcchannel.examples.words;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.worker.WorkerListener;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// What the threads of the set say of its workers, for the one that counts.
final class Crew implements WorkerListener {

    private final Semaphore news = new Semaphore(0);
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger dead = new AtomicInteger();
    private volatile boolean hasGivenUp;

    /// How many workers were ready, since the beginning.
    int ready() {
        return ready.get();
    }

    /// How many have ended that were not meant to.
    int dead() {
        return dead.get();
    }

    /// Whether no worker takes the place of one that dies any more.
    boolean hasGivenUp() {
        return hasGivenUp;
    }

    /// Waits until one of these has changed, since the last wait.
    void awaitNews() throws InterruptedException {
        news.acquire();
    }

    @Override
    public void onStarted(WorkerSnapshot worker) {
        ready.incrementAndGet();
        news.release();
    }

    @Override
    public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
        if (!wasPlanned) {
            dead.incrementAndGet();
            news.release();
        }
    }

    @Override
    public void onGivenUp(String reason) {
        hasGivenUp = true;
        news.release();
    }
}
