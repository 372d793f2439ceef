package dev.ipcchannel.internal.lane;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A lock of one word that lets one thread in and refuses the second: for ends that have one reader.
///
/// An [Owner] keeps the word while none of its threads is inside: then strangers are refused without
/// ever getting in, so no owner is refused because of them. A closer takes the guard for ever, so
/// nobody is inside when memory goes. One atomic exchange on the way in, a release store on the way
/// out.
@SuppressWarnings("ReferenceEquality") // threads, owners and the tokens are meant by identity
final class Guard {

    /// Holds a guard that will never be free again.
    private static final Object CLOSED = new Object();

    /// Holds a guard while the library itself looks around inside, for microseconds.
    private static final Object VISITOR = new Object();

    /// Null if free; an owner with none of its threads inside; the thread that is inside; or a token.
    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>();

    private final String what;
    private volatile @Nullable Owner owner; // changed inside; read outside as well

    /// @param what is guarded, for messages
    Guard(String what) {
        this.what = what;
    }

    /// Goes in.
    ///
    /// @param as the owner for whom, or null
    /// @return false if the guard is closed
    /// @throws IllegalStateException if a thread is inside, or the guard belongs to another one
    boolean enter(@Nullable Owner as) {
        Object inside = holder.compareAndExchangeAcquire(as, Thread.currentThread());
        while (inside == VISITOR) {
            Thread.onSpinWait();
            inside = holder.compareAndExchangeAcquire(as, Thread.currentThread());
        }
        if (inside == as) {
            return true;
        }
        if (inside == CLOSED) {
            return false;
        }
        throw refusal(as, inside);
    }

    private IllegalStateException refusal(@Nullable Owner as, @Nullable Object inside) {
        Owner current = inside instanceof Owner idle ? idle : owner;
        if (current != null && current != as) {
            return current.refusal(what);
        }
        return new IllegalStateException("%s is used by one thread at a time: inside=%s, caller=%s"
                .formatted(what, inside instanceof Thread thread ? nameOf(thread) : "?",
                        nameOf(Thread.currentThread())));
    }

    /// Goes in for the owner, as soon as whoever is inside has gone out: for where that can only take
    /// a moment.
    ///
    /// @return false if the guard is closed, or not that owner's
    boolean enterSoon(Owner of) {
        Object inside = holder.compareAndExchangeAcquire(of, Thread.currentThread());
        while (inside != of) {
            if (inside == CLOSED || owner != of) {
                return false;
            }
            Thread.onSpinWait();
            inside = holder.compareAndExchangeAcquire(of, Thread.currentThread());
        }
        return true;
    }

    /// Virtual threads often have no name.
    static String nameOf(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : thread.getName();
    }

    /// Goes in for a look on the library's own behalf, if nobody is inside: whoever comes meanwhile
    /// waits for the [#exit].
    boolean visit() {
        Owner idle = owner;
        return holder.compareAndExchangeAcquire(idle, VISITOR) == idle;
    }

    /// Goes out.
    void exit() {
        // Pairs with the acquire in enter: the next one sees what this one did.
        holder.setRelease(owner);
    }

    /// Has the guard belong to somebody from now on, or to nobody. Inside.
    void own(@Nullable Owner next) {
        owner = next;
    }

    /// Whose it is. Any thread.
    @Nullable
    Owner owner() {
        return owner;
    }

    /// Whether it is that owner's. Any thread.
    boolean isOwnedBy(Owner one) {
        return owner == one;
    }

    /// Takes the guard for ever, if nobody is inside.
    boolean tryClose() {
        return holder.compareAndSet(owner, CLOSED);
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
