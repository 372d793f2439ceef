package dev.ipcchannel.call;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A call with a [CallObserver], which is notified of what comes of it. Any thread may use it.
///
/// Nothing of it is received unless a thread waits, here or in any other call of its caller's, or
/// [#receiveInBackground] was called.
///
/// @param <R> the type of the answers
public final class ObservedCall<R> {

    private final ReplyDispatcher<?, R> dispatcher;
    private final OpenObservedCall<R> call;

    ObservedCall(ReplyDispatcher<?, R> dispatcher, OpenObservedCall<R> call) {
        this.dispatcher = dispatcher;
        this.call = call;
    }

    /// Waits until the observer was notified of its end, or that a part could not be read. A thread
    /// that waits here receives.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; the call goes on
    public void await() throws InterruptedException {
        boolean _ = dispatcher.await(call, Deadline.NEVER);
    }

    /// Waits until the observer was notified of its end, or that a part could not be read, no
    /// longer than `timeout`.
    ///
    /// @return false if the time passed first; the call goes on
    /// @throws InterruptedException if the thread is interrupted while it waits; the call goes on
    public boolean await(Duration timeout) throws InterruptedException {
        return dispatcher.await(call, Deadline.after(timeout));
    }

    /// Receives on the calling thread, unless another one does, as long as `isWanted` holds and
    /// replies come; no longer than some milliseconds in which none comes, or than `timeout`. For a
    /// thread that waits for what the observer makes of them.
    ///
    /// @param isWanted is asked by the calling thread, which is to be unparked
    /// ([java.util.concurrent.locks.LockSupport]) when it turns false
    /// @throws InterruptedException if the thread is interrupted while it waits; the call goes on
    public void receiveWhile(BooleanSupplier isWanted, Duration timeout)
            throws InterruptedException {
        Argument.given(isWanted, "isWanted");
        dispatcher.receiveWhile(isWanted, Deadline.after(timeout));
    }

    /// Has replies to it received from now on, whether a thread waits for them or not. Never waits.
    public void receiveInBackground() {
        dispatcher.receiveInBackground(call);
    }

    /// Notifies the other side that the answer is not wanted any more. The call stays open until
    /// that side has ended it: then its handler is free again. Never waits.
    public void cancel() {
        dispatcher.askToEnd(call);
    }

    /// Asks the other side for the question back: one that it has not given out yet ends without an
    /// answer, any other goes on, and its handler may see the wish ([Exchange#isWithdrawn]). Never
    /// waits.
    public void withdraw() {
        dispatcher.askBack(call);
    }

    /// Asks the other side to interrupt the handler, which is to answer with what it has then: the
    /// call goes on until it does. Nothing if it is not given out. Never waits.
    public void interrupt() {
        dispatcher.askToInterrupt(call);
    }

    /// Whether the observer was notified of its end.
    public boolean isOver() {
        return call.isOver();
    }

    @Override
    public String toString() {
        return "ObservedCall[id=%d, %s]".formatted(call.id(), call.isOver() ? "over" : "open");
    }
}
