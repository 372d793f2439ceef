package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A call that any thread may use: its credit for parts, and what is closed once it is over.
///
/// @param <R> the type of the answers
abstract sealed class SharedExchange<R> implements Exchange<R>
        permits ConcurrentExchange, Question {

    final ReentrantLock lock = new ReentrantLock();
    final Condition news = lock.newCondition();

    // Written inside the lock.
    int credit = Reply.WINDOW;
    volatile Standing standing = Standing.OPEN;
    private @Nullable CallResources resources;

    /// Why it takes nothing more from its handler; null while it does. Inside the lock.
    abstract @Nullable String refusal();

    abstract void send(R part, Deadline limit) throws InterruptedException;

    /// Whether it goes on, as far as was seen by now.
    final Standing standing() {
        return standing;
    }

    @Override
    public final void send(R part) throws InterruptedException {
        send(part, Deadline.NEVER);
    }

    @Override
    public final void send(R part, Duration timeout) throws InterruptedException {
        send(part, Deadline.after(timeout));
    }

    /// Throws why nothing more may be sent, if that is so. Inside the lock.
    final void checkGoesOn() {
        String refusal = refusal();
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        if (standing.isOver()) {
            throw standing.exception();
        }
    }

    /// More parts may come.
    final void grant(int parts) {
        lock.lock();
        try {
            credit = InlineExchange.sum(credit, parts);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final <T extends AutoCloseable> T closeWhenSent(T resource) {
        String refusal;
        lock.lock();
        try {
            refusal = refusal();
            if (refusal == null) {
                if (resources == null) {
                    resources = new CallResources();
                }
                resources.add(resource);
                return resource;
            }
        } finally {
            lock.unlock();
        }
        throw CallResources.tooLate(resource, refusal);
    }

    /// Its answer is sent, or never will be. Once it refuses what comes, so that nothing comes
    /// after these.
    final void settled() {
        CallResources left;
        lock.lock();
        try {
            left = resources;
            resources = null;
        } finally {
            lock.unlock();
        }
        if (left != null) {
            left.close();
        }
    }
}
