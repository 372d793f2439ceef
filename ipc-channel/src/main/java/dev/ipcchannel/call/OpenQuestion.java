package dev.ipcchannel.call;

import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A question that has come and has no last reply yet: whether it goes on, its credit for parts,
/// and what is closed once it is over.
///
/// Any number of threads may use it; where its handler runs on the thread that serves, that one,
/// and the [CancelPoller]'s while it helps out.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // threads are meant by identity
final class OpenQuestion<Q, R> implements Exchange<R> {

    private static final VarHandle CREDIT = creditHandle();

    private final QuestionSource<Q, R> source;
    private final Ask<Q> ask;
    private final Headers headers;
    private final ReentrantLock lock;

    // Taken by a compare-and-set, so that a part takes no lock. What comes is added inside the
    // lock: a thread that waits looks there, and misses nothing.
    private volatile int credit = Reply.WINDOW;

    // Written inside the lock, but for a reopen.
    private volatile Standing standing = Standing.OPEN;
    private volatile boolean isShut; // takes nothing more from its handler
    private boolean hasBegun;
    private boolean isInterrupted;
    private volatile boolean isToEndSoon; // its answer is wanted all the same
    private volatile boolean isWithdrawn; // as far as it is not begun
    private @Nullable Thread runner; // of the handler, while it runs
    private volatile @Nullable Thread helper; // another one that may send parts; set by itself
    private @Nullable Condition changed; // made by the first thread that waits for it
    private @Nullable CallResources resources;

    /// @param lock of this question alone, or of those that are handled one after the other
    OpenQuestion(QuestionSource<Q, R> source, Ask<Q> ask, Headers headers, ReentrantLock lock) {
        this.source = source;
        this.ask = ask;
        this.headers = headers;
        this.lock = lock;
    }

    private static VarHandle creditHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(OpenQuestion.class, "credit", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    long id() {
        return ask.id();
    }

    Q value() {
        return ask.question();
    }

    /// Whether it goes on, as far as was seen by now.
    Standing standing() {
        return standing;
    }

    @Override
    public boolean isCancelled() {
        String refusal = source.way() == Way.INLINE ? refusal() : null;
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        if (!isUnwanted()) {
            source.takeIn();
        }
        return isUnwanted();
    }

    private boolean isUnwanted() {
        return standing.isOver() || isToEndSoon;
    }

    @Override
    public boolean isWithdrawn() {
        return isWithdrawn;
    }

    @Override
    public Map<String, String> headers() {
        return headers.values();
    }

    /// Its caller wants back what its handler has not begun.
    void withdraw() {
        isWithdrawn = true;
    }

    @Override
    public void part(R part) throws InterruptedException {
        source.send(this, part, Deadline.NEVER);
    }

    @Override
    public void part(R part, Duration timeout) throws InterruptedException {
        source.send(this, part, Deadline.after(timeout));
    }

    /// Takes the right to send one part.
    ///
    /// @return false if its caller has to grant more first
    boolean takeCredit() {
        int before = credit;
        while (before > 0 && !CREDIT.compareAndSet(this, before, before - 1)) {
            before = credit;
        }
        return before > 0;
    }

    /// Throws why nothing more may be sent, if that is so.
    void checkGoesOn() {
        String refusal = refusal();
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        if (standing.isOver()) {
            throw standing.exception();
        }
    }

    /// Why it takes nothing from the calling thread; null if it does.
    private @Nullable String refusal() {
        if (isShut) {
            return source.way() == Way.LATER ? "this question is answered"
                    : "the handler of this call has returned";
        }
        // What a stranger reads of these two may be old, but is never that stranger.
        Thread caller = Thread.currentThread();
        return source.way() != Way.INLINE || caller == runner || caller == helper ? null
                : "a call is used by its handler's thread, where that serves: caller="
                        + caller.getName();
    }

    @Override
    public <T extends AutoCloseable> T closeWhenSent(T resource) {
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

    /// The calling thread sends parts beside the handler's from now on, until this is null again.
    void setHelper(@Nullable Thread thread) {
        helper = thread;
    }

    /// Whether a thread that waits for credit can go on: there is some, or the call is over.
    boolean canProceed() {
        return credit > 0 || standing.isOver() || isShut;
    }

    /// Waits until [#canProceed], no longer than that.
    void awaitChange(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Condition condition = changed == null ? lock.newCondition() : changed;
            changed = condition;
            long left = nanos;
            while (!canProceed() && left > 0) {
                left = condition.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// More parts may come. What no answer can need is not counted.
    void grant(int parts) {
        lock.lock();
        try {
            int before = credit;
            while (!CREDIT.compareAndSet(this, before, sum(before, parts))) {
                before = credit;
            }
            signalChange();
        } finally {
            lock.unlock();
        }
    }

    /// What `credit` and `parts` are together, of which only what is sensible counts.
    private static int sum(int credit, int parts) {
        return parts < 1 ? credit : (int) Math.min((long) credit + parts, Integer.MAX_VALUE);
    }

    /// Inside the lock.
    private void signalChange() {
        if (changed != null) {
            changed.signalAll();
        }
    }

    /// Its caller waits for no answer any more: its handler is interrupted, unless it has seen that
    /// itself.
    void cancel() {
        end(Standing.CANCELLED, true);
    }

    /// No answer can be sent. Where its handler keeps the thread that serves, that is not
    /// interrupted: it may end what it has begun.
    void stop(Standing reason) {
        end(reason, source.way() != Way.INLINE);
    }

    private void end(Standing reason, boolean isInterrupting) {
        boolean isNotGivenOut;
        lock.lock();
        try {
            isNotGivenOut = !standing.isOver() && !hasBegun;
            standing = standing.orElse(reason);
            signalChange();
            if (isInterrupting) {
                interruptRunner();
            }
        } finally {
            lock.unlock();
        }
        if (isNotGivenOut) {
            source.questions().drop(ask);
        }
    }

    /// Inside the lock.
    private void interruptRunner() {
        if (runner != null && runner != Thread.currentThread()) {
            isInterrupted = true;
            runner.interrupt();
        }
    }

    /// Its handler is to end soon, and its answer is wanted all the same.
    void interrupt() {
        lock.lock();
        try {
            if (hasBegun) {
                isToEndSoon = true;
                interruptRunner();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Its value is given out from here on.
    ///
    /// @param thread that runs the handler, if it is one for that alone
    /// @return false if it is over, and its value dropped
    boolean begin(@Nullable Thread thread) {
        lock.lock();
        try {
            hasBegun = !standing.isOver();
            runner = hasBegun ? thread : null;
            return hasBegun;
        } finally {
            lock.unlock();
        }
    }

    /// Takes nothing more. An interrupt that was meant for its handler does not stay with the
    /// thread, which may be another call's next.
    ///
    /// @return false if that was so
    boolean shut() {
        lock.lock();
        try {
            boolean wasOpen = !isShut;
            isShut = true;
            runner = null; // what comes from here on interrupts no more
            signalChange();
            if (isInterrupted) {
                boolean _ = Thread.interrupted();
            }
            return wasOpen;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it takes nothing more.
    boolean isShut() {
        return isShut;
    }

    /// Could not be answered by the thread that has shut it, and waits for another answer.
    void reopen() {
        isShut = false;
    }

    /// Whether its handler was interrupted by its end. For the thread that has shut it.
    boolean wasInterrupted() {
        return isInterrupted;
    }

    /// Its answer is sent, or never will be. For the thread that has shut it: nothing is added
    /// since.
    void settled() {
        if (resources != null) {
            resources.close();
        }
    }

    @Override
    public String toString() {
        return "Question[id=%d%s%s]".formatted(id(), isShut ? ", answered" : "",
                standing.isOver() ? ", cancelled" : "");
    }
}
