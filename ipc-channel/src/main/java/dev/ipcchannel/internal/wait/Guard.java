package dev.ipcchannel.internal.wait;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A lock of one word that admits one thread and refuses a second one: for ends with one reader.
///
/// An [Owner] keeps the word while none of its threads is inside: then others are refused without
/// getting in, so no owner is refused because of them. A closer takes the guard for ever, so no
/// thread is inside when memory is unmapped.
///
/// The library itself enters as a visitor, for a look. A thread that finds a visitor inside is not
/// refused, but parks: the visitor may be a virtual thread that waits for a carrier, perhaps for
/// the caller's. It waits for that one visit only, because the visitor hands the guard on at its
/// end.
///
/// ```text
///     null       free
///     an Owner   that owner's, with none of its threads inside
///     a Thread   that thread is inside: others are refused, and no thread waits in line
///     VISITOR    a visitor is inside
///     Waiting    a visitor is inside, and these threads wait for its end: the newest first
///     CLOSED     for ever
/// ```
///
/// All of this is one word, so no exit can come between a look at the word and the entry in line: a
/// wake-up cannot be lost, whatever the memory order. A thread pays one atomic exchange to enter
/// and a release store to exit; only a visitor's exit is an exchange as well.
@SuppressWarnings("ReferenceEquality") // threads, owners and the tokens are meant by identity
public final class Guard {

    private static final Object CLOSED = new Object();
    private static final Object VISITOR = new Object();

    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>();
    private final String what;
    private volatile @Nullable Owner owner; // changed inside; read outside too
    private volatile String shown = ""; // the name of the guarded end, as the end of a sentence

    /// @param what the name of the guarded end, for messages
    public Guard(String what) {
        this.what = what;
    }

    /// Adds a name to the end of all messages from now on.
    ///
    /// @param words the name as the end of a sentence, from its comma on
    public void show(String words) {
        shown = words;
    }

    /// Enters. Waits for the end of a visit.
    ///
    /// @param as the owner that the thread acts for, or null
    /// @return false if the guard is closed
    /// @throws IllegalStateException if a thread is inside, the caller's own for instance, or the
    /// guard belongs to another owner
    public boolean enter(@Nullable Owner as) {
        Object inside = enterOrFind(as);
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
        String caller = Owner.nameOf(Thread.currentThread());
        if (inside == Thread.currentThread()) {
            return new IllegalStateException(
                    ("%s is receiving on this thread already, so its handlers and codecs may not"
                            + " receive from it: caller=%s%s: receive once they have returned")
                            .formatted(what, caller, shown));
        }
        return new IllegalStateException(
                "%s is used by one thread at a time: inside=%s, caller=%s%s".formatted(what,
                        inside instanceof Thread thread ? Owner.nameOf(thread) : "?", caller,
                        shown));
    }

    /// Enters for the owner, if the guard belongs to it and no thread is inside. Waits for the end
    /// of a visit.
    public boolean tryEnter(Owner of) {
        return enterOrFind(of) == of;
    }

    /// Enters if the word is `as`; after a visit it is, unless the owner has changed.
    ///
    /// @return `as` if the caller is inside now, otherwise the word, which is not a visitor's
    private @Nullable Object enterOrFind(@Nullable Owner as) {
        Object inside = holder.compareAndExchangeAcquire(as, Thread.currentThread());
        while (inside == VISITOR || inside instanceof Waiting) {
            if (awaitVisitor(inside, as)) {
                return as;
            }
            inside = holder.compareAndExchangeAcquire(as, Thread.currentThread());
        }
        return inside;
    }

    /// Enters for a look of the library itself, if no thread is inside. A thread that comes
    /// meanwhile waits for the [#exit].
    public boolean visit() {
        Owner idle = owner;
        return holder.compareAndExchangeAcquire(idle, VISITOR) == idle;
    }

    /// Exits.
    public void exit() {
        // A plain load: while a thread is inside, no other thread writes the word, and it wrote the
        // word itself or has seen the exchange that handed the guard on to it.
        if (holder.getPlain() instanceof Thread) {
            holder.setRelease(owner); // pairs with the acquire of the next thread that enters
        } else {
            endVisit();
        }
    }

    /// Hands the guard on to the newest of the waiting threads that may enter. So a wait ends with
    /// the visit, however often others visit.
    private void endVisit() {
        Owner next = owner;
        Object inside = holder.compareAndExchange(VISITOR, next);
        while (inside instanceof Waiting newest) { // threads are only added: a few attempts at most
            Waiting first = newest.firstFor(next);
            Object found =
                    holder.compareAndExchange(newest, first == null ? next : first.thread);
            if (found == newest) {
                newest.end(first);
                return;
            }
            inside = found;
        }
    }

    /// Gives the guard to an owner from now on, or to none. Called inside.
    public void own(@Nullable Owner next) {
        owner = next;
    }

    /// The owner; null if there is none. Any thread.
    @Nullable
    public Owner owner() {
        return owner;
    }

    /// Whether it belongs to that owner. Any thread.
    public boolean isOwnedBy(Owner one) {
        return owner == one;
    }

    /// Takes the guard for ever, if no thread is inside.
    public boolean tryClose() {
        return holder.compareAndSet(owner, CLOSED);
    }

    /// Takes the guard for ever, from inside.
    public void closeFromInside() {
        if (holder.getAndSet(CLOSED) instanceof Waiting newest) {
            newest.end(null);
        }
    }

    /// Whether the calling thread is inside, not as a visitor.
    public boolean isInside() {
        return holder.getAcquire() == Thread.currentThread();
    }

    public boolean isClosed() {
        return holder.getAcquire() == CLOSED;
    }

    /// Waits for the end of the visit that `inside` stands for.
    ///
    /// @return whether the caller is inside now; otherwise it has to look at the word again
    private boolean awaitVisitor(Object inside, @Nullable Owner as) {
        Waiting waiting = new Waiting(Thread.currentThread(), as,
                inside instanceof Waiting earlier ? earlier : null);
        return holder.compareAndSet(inside, waiting) && waiting.await();
    }

    /// A thread that waits for a visitor's end, and the threads that came before it.
    private static final class Waiting {

        private final Thread thread;
        private final @Nullable Owner as;
        private final @Nullable Waiting earlier;
        private boolean isInside; // written before isOver
        private volatile boolean isOver;

        private Waiting(Thread thread, @Nullable Owner as, @Nullable Waiting earlier) {
            this.thread = thread;
            this.as = as;
            this.earlier = earlier;
        }

        /// The newest thread that enters for this owner.
        private @Nullable Waiting firstFor(@Nullable Owner owner) {
            for (Waiting each = this; each != null; each = each.earlier) {
                if (each.as == owner) {
                    return each;
                }
            }
            return null;
        }

        /// Ends the waits of all.
        ///
        /// @param first the thread that is inside now, or null
        private void end(@Nullable Waiting first) {
            for (Waiting each = this; each != null; each = each.earlier) {
                each.isInside = each == first;
                each.isOver = true; // before the unpark: the thread may be about to park
                LockSupport.unpark(each.thread);
            }
        }

        /// Waits. An interrupt is kept for later.
        ///
        /// @return whether the calling thread is inside now
        private boolean await() {
            boolean isInterrupted = false;
            while (!isOver) {
                LockSupport.park(this);
                isInterrupted |= Thread.interrupted(); // else the next park would return at once
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            return isInside;
        }
    }
}
