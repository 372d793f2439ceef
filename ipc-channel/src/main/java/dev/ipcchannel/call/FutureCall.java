package dev.ipcchannel.call;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.WorkFuture;
import org.jspecify.annotations.Nullable;

/// A call whose answer completes a future. Completing the future in any other way cancels the call.
///
/// A thread that waits for the future receives replies meanwhile, as one that calls does; a second
/// one that waits for the same future does not.
///
/// @param <R> the type of the answers
final class FutureCall<R> extends WorkFuture<R> implements OpenCall<R> {

    // Until it is done: to keep an answer is to keep no caller.
    private @Nullable ReplyDispatcher<?, R> dispatcher;
    private long id;

    FutureCall(ReplyDispatcher<?, R> dispatcher) {
        this.dispatcher = dispatcher;
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
    public boolean runsUsersCode() {
        return true;
    }

    @Override
    public boolean neglect() {
        return false;
    }

    @Override
    public boolean onAnswer(R value) {
        return settleAside(value, null);
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
        ReplyDispatcher<?, R> caller = dispatcher; // none if it is done: then this is dropped
        fail(failure.untraced(caller == null ? "" : caller.otherSide()));
    }

    @Override
    public void fail(RuntimeException failure) {
        boolean _ = settleAside(null, failure);
    }

    /// By the thread that delivers: what depends on the future runs here.
    private boolean settleAside(@Nullable R value, @Nullable Throwable failure) {
        ReplyDispatcher<?, R> caller = dispatcher;
        boolean isFirst = caller == null ? settle(value, failure)
                : caller.settleAside(this, value, failure);
        dispatcher = null;
        return isFirst;
    }

    @Override
    protected boolean giveUp(@Nullable R value, @Nullable Throwable failure) {
        boolean isDone = settle(value, failure);
        ReplyDispatcher<?, R> caller = dispatcher;
        if (caller != null) {
            caller.cancel(id);
        }
        dispatcher = null;
        return isDone;
    }

    @Override
    protected void help(Deadline limit) throws InterruptedException {
        ReplyDispatcher<?, R> caller = dispatcher;
        if (caller != null) {
            caller.receiveWhile(() -> !isDone(), limit);
        }
    }
}
