package dev.ipcchannel.internal.lane;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Lets one thread at a time in and refuses the second: for ends that have one reader.
///
/// A closer takes the guard for ever, so nobody is inside when memory goes. One atomic exchange on
/// the way in, a release store on the way out.
@SuppressWarnings("ReferenceEquality") // threads and the token are meant by identity
final class Guard {

    /// Holds a guard that will never be free again.
    private static final Object CLOSED = new Object();

    /// Holds a guard while the library itself looks around inside, for microseconds.
    private static final Object VISITOR = new Object();

    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>();
    private final String what;

    /// @param what is guarded, for messages
    Guard(String what) {
        this.what = what;
    }

    /// Goes in.
    ///
    /// @return false if the guard is closed
    /// @throws IllegalStateException if another thread, or this one, is inside
    boolean enter() {
        Object inside = holder.compareAndExchangeAcquire(null, Thread.currentThread());
        while (inside == VISITOR) {
            Thread.onSpinWait();
            inside = holder.compareAndExchangeAcquire(null, Thread.currentThread());
        }
        if (inside == null) {
            return true;
        }
        if (inside == CLOSED) {
            return false;
        }
        String who = inside instanceof Thread thread ? nameOf(thread) : "?";
        throw new IllegalStateException(
                "%s is used by one thread at a time: inside=%s, caller=%s"
                        .formatted(what, who, nameOf(Thread.currentThread())));
    }

    /// Goes in for a look, as [#visit] does, as soon as whoever is inside has gone out: for where that
    /// can only take a moment. Then comes [#stay] or [#exit].
    ///
    /// @return false if the guard is closed
    boolean visitSoon() {
        Object inside = holder.compareAndExchangeAcquire(null, VISITOR);
        while (inside != null && inside != CLOSED) {
            Thread.onSpinWait();
            inside = holder.compareAndExchangeAcquire(null, VISITOR);
        }
        return inside == null;
    }

    /// Who came for a look is inside from now on: others are refused, and wait no more.
    void stay() {
        holder.setRelease(Thread.currentThread());
    }

    /// Virtual threads often have no name.
    private static String nameOf(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : thread.getName();
    }

    /// Goes in for a look on the library's own behalf, if nobody is inside: whoever comes meanwhile
    /// waits for the [#exit].
    boolean visit() {
        return holder.compareAndExchangeAcquire(null, VISITOR) == null;
    }

    /// Goes out.
    void exit() {
        // Pairs with the acquire in enter: the next one sees what this one did.
        holder.setRelease(null);
    }

    /// Takes the guard for ever, if nobody is inside.
    boolean tryClose() {
        return holder.compareAndSet(null, CLOSED);
    }

    /// Takes the guard for ever, from inside.
    void closeFromInside() {
        holder.setRelease(CLOSED);
    }

    /// Whether the calling thread is inside.
    boolean isInside() {
        return holder.getAcquire() == Thread.currentThread();
    }

    boolean isClosed() {
        return holder.getAcquire() == CLOSED;
    }
}
