package dev.ipcchannel.call;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.WorkFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A call whose answer completes a future. Completing the future in any other way cancels the call.
///
/// A thread that waits for the future receives replies meanwhile, as one that calls does; a second
/// one that waits for the same future does not.
///
/// @param <R> the type of the answers
final class FutureCall<R> extends WorkFuture<R> implements OpenCall<R> {

    private static final VarHandle WAITING = waitingHandle();

    // Until it is done: to keep an answer is to keep no caller.
    private @Nullable Reception<?, R> reception;
    private volatile @Nullable Seat waiting; // of the thread that waits; taken by an exchange
    private long id;

    /// The place of a thread that waits for the future.
    private final class FutureSeat extends Seat {

        @Override
        boolean isReady() {
            return isDone();
        }
    }

    FutureCall(Reception<?, R> reception) {
        this.reception = reception;
    }

    private static VarHandle waitingHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(FutureCall.class, "waiting", Seat.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @Override
    public void opened(long given) {
        id = given;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public boolean needsBackground() {
        return true;
    }

    @Override
    public boolean neglect() {
        return false;
    }

    @Override
    public boolean onAnswer(R value) {
        boolean isTaken = settle(value, null);
        over();
        return isTaken;
    }

    @Override
    public boolean onPart(R value) {
        fail(new ProtocolViolation(AwaitedCall.NO_PARTS));
        return false;
    }

    @Override
    public void onEnd() {
        onFailed(AwaitedCall.NO_ANSWER);
    }

    @Override
    public void onFailed(RemoteFailure failure) {
        Reception<?, R> caller = reception; // none if it is done: then nobody gets this
        fail(failure.untraced(caller == null ? "" : caller.otherSide()));
    }

    @Override
    public void fail(RuntimeException failure) {
        boolean _ = settle(null, failure);
        over();
    }

    private void over() {
        reception = null;
        wake();
    }

    /// After the completion: a thread that sits down looks for that once more.
    private void wake() {
        Seat seat = waiting;
        if (seat != null) {
            seat.wake();
        }
    }

    @Override
    protected boolean giveUp(@Nullable R value, @Nullable Throwable failure) {
        boolean isDone = settle(value, failure);
        Reception<?, R> caller = reception;
        if (caller != null) {
            caller.cancel(id);
        }
        over();
        return isDone;
    }

    @Override
    public R join() {
        try {
            await(Deadline.NEVER);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it does not end this wait
        }
        return super.join();
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        await(Deadline.NEVER);
        return super.get();
    }

    @Override
    public R get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Deadline limit = Deadline.after(Duration.ofNanos(unit.toNanos(timeout)));
        await(limit);
        return super.get(limit.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits for a moment; what follows is the wait for any future, while others receive.
    private void await(Deadline limit) throws InterruptedException {
        Reception<?, R> caller = reception;
        if (isDone() || caller == null) {
            return;
        }
        FutureSeat seat = new FutureSeat();
        if (!WAITING.compareAndSet(this, (Seat) null, (Seat) seat)) {
            return; // another thread waits so
        }
        try {
            caller.awaitBriefly(seat, limit);
        } finally {
            waiting = null;
        }
    }
}
