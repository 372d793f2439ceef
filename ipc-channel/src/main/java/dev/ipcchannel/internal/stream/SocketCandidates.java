package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Lifelines;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.PosixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The processes that have connected to a listener, and are the child, or not. The loop brings
/// them, one thread listens to them.
public final class SocketCandidates implements UnixServer.Visited, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MAX_VISITORS = 64; // then the one that is silent longest has to go
    private static final int MAX_LIFELINES = 64; // the child's is here for a moment, and the newest

    private record Visitor(UnixConnection connection, Deadline patience) {

        boolean isDue() {
            return connection.greeted().isDone() || patience.isPast();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<Visitor> waiting = new ArrayList<>(); // all guarded by the lock
    private final List<UnixLifeline> lifelines = new ArrayList<>();
    private volatile @Nullable PosixException failure; // read outside of it, too
    private String lastRejection = "";
    private int rejected;
    private boolean hasNews;
    private boolean isClosed;

    @Override
    public void onVisitor(UnixConnection visitor) {
        lock.lock();
        try {
            if (isClosed) {
                visitor.drop();
                return;
            }
            if (waiting.size() >= MAX_VISITORS) {
                thinOut();
            }
            waiting.add(new Visitor(visitor, Deadline.after(PATIENCE)));
            tell(); // of when its patience ends
        } finally {
            lock.unlock();
        }
        CompletableFuture<Void> _ = visitor.greeted().thenRun(this::tell);
    }

    /// A visitor that has spoken is not to go for one that may never do.
    private void thinOut() {
        for (Visitor visitor : List.copyOf(waiting)) {
            if (!visitor.connection().greeted().isDone()) {
                waiting.remove(visitor);
                reject(visitor.connection(), "it was silent, and others came");
                return;
            }
        }
    }

    @Override
    public void onFailure(PosixException why) {
        lock.lock();
        try {
            failure = why;
            tell();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onRetry() {
        lock.lock();
        try {
            failure = null;
        } finally {
            lock.unlock();
        }
    }

    /// There is something to be looked at.
    public void tell() {
        lock.lock();
        try {
            hasNews = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is something to be looked at, or a visitor was silent for too long.
    public void await(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            Deadline first = deadline;
            for (Visitor visitor : waiting) {
                first = first.earlier(visitor.patience());
            }
            while (!hasNews && !first.isPast()) {
                long _ = news.awaitNanos(first.remainingNanos());
            }
            hasNews = false;
        } finally {
            lock.unlock();
        }
    }

    /// Takes out the next one that has spoken, has gone, or was silent for too long.
    @Nullable
    public UnixConnection next() {
        lock.lock();
        try {
            for (Iterator<Visitor> each = waiting.iterator(); each.hasNext();) {
                Visitor visitor = each.next();
                if (visitor.isDue()) {
                    each.remove();
                    return visitor.connection();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// Reads what they have sent so far. On the loop's thread.
    public void read() {
        lock.lock();
        try {
            waiting.forEach(visitor -> visitor.connection().read());
        } finally {
            lock.unlock();
        }
    }

    /// Keeps one that is a child's lifeline.
    public void keep(UnixLifeline lifeline) {
        lock.lock();
        try {
            if (lifelines.size() >= MAX_LIFELINES) {
                reject(lifelines.removeFirst().connection(), "it kept a lifeline, and others came");
            }
            lifelines.add(lifeline);
        } finally {
            lock.unlock();
        }
    }

    /// The lifelines are left to their children: each ends with its own.
    ///
    /// @param child the number of the process that has got through
    /// @return the lifeline of that one; null if it has none
    @Nullable
    public Lifeline release(long child) {
        lock.lock();
        try {
            lifelines.forEach(Lifelines::add);
            return lifelines.stream().filter(one -> one.connection().peer() == child).findFirst()
                    .orElse(null);
        } finally {
            lifelines.clear();
            lock.unlock();
        }
    }

    public void reject(UnixConnection visitor, String reason) {
        visitor.drop();
        lock.lock();
        try {
            rejected++;
            lastRejection = Printable.of(reason);
        } finally {
            lock.unlock();
        }
    }

    /// Why the last one was turned away; null if none was.
    @Nullable
    public String lastRejection() {
        lock.lock();
        try {
            return rejected == 0 ? null : lastRejection;
        } finally {
            lock.unlock();
        }
    }

    /// A note of those that were turned away, to be put after a sentence; empty if none was.
    public String turnedAway() {
        lock.lock();
        try {
            return rejected == 0 ? ""
                    : ", turned away=%d (the last: %s)".formatted(rejected, lastRejection);
        } finally {
            lock.unlock();
        }
    }

    /// Why no connection can be taken up; null if some can.
    @Nullable
    public PosixException failure() {
        return failure;
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    /// Drops all visitors, and those that come later at once.
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            waiting.forEach(visitor -> visitor.connection().drop());
            waiting.clear();
            lifelines.forEach(lifeline -> lifeline.connection().drop());
            lifelines.clear();
            tell();
        } finally {
            lock.unlock();
        }
    }
}
