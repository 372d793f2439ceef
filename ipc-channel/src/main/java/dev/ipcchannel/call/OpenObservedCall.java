package dev.ipcchannel.call;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.base.Log;
import org.jspecify.annotations.Nullable;

/// An open call of an [ObservedCall]: it notifies the observer of each part and of the end.
///
/// @param <R> the type of the answers
final class OpenObservedCall<R> extends WaitNodeCall<R> {

    private static final int LEAST_GRANT = Reply.WINDOW / 2;

    private final ReplyDispatcher<?, R> dispatcher;
    private final CallObserver<R> observer;
    private int taken; // parts since the last grant; by the leading thread, like the next one
    private int credit = Reply.WINDOW;
    private boolean isInBackground; // inside the table's lock
    private volatile @Nullable RuntimeException broken; // by a part that could not be read
    private volatile boolean isOver;

    OpenObservedCall(ReplyDispatcher<?, R> dispatcher, CallObserver<R> observer) {
        this.dispatcher = dispatcher;
        this.observer = observer;
    }

    @Override
    public boolean needsBackground() {
        return isInBackground;
    }

    @Override
    public boolean runsUsersCode() {
        return true;
    }

    @Override
    public boolean neglect() {
        boolean isFirst = !isInBackground;
        isInBackground = true;
        return isFirst;
    }

    @Override
    boolean isReady() {
        return isOver || broken != null;
    }

    /// Whether the observer was notified of the end.
    boolean isOver() {
        return isOver;
    }

    @Override
    public boolean onAnswer(R value) {
        ended(value);
        return broken == null;
    }

    @Override
    public boolean onPart(R value) {
        if (credit == 0) {
            fail(new ProtocolViolation("the other side sent more parts than it was granted"));
            return false;
        }
        credit--; // the count comes before the observer, during which the lead may change hands
        taken++;
        if (taken == LEAST_GRANT) {
            taken = 0;
            credit += LEAST_GRANT; // before the other side learns of it
            dispatcher.grant(this, LEAST_GRANT);
        }
        if (broken == null) {
            notify(() -> observer.onPart(value));
        } else {
            dispatcher.drop(value);
        }
        return true;
    }

    @Override
    public void onEnd() {
        ended(null);
    }

    @Override
    public void onFailed(RemoteFailure failure) {
        end(() -> observer.onFailure(failure.untraced(dispatcher.otherSide())));
    }

    @Override
    public void fail(RuntimeException failure) {
        end(() -> observer.onFailure(failure));
    }

    /// It stays open until the other side has ended it: its handler is not free before.
    @Override
    public boolean onUnreadablePart(RuntimeException failure) {
        if (broken == null) {
            notify(() -> observer.onUnreadablePart(failure));
            broken = failure;
            wake();
            dispatcher.askToEnd(this);
        }
        return true;
    }

    private void ended(@Nullable R value) {
        RuntimeException failure = broken;
        end(failure == null ? () -> observer.onEnd(value) : () -> observer.onFailure(failure));
    }

    /// The observer first: a waiting thread finds what it has done.
    private void end(Runnable notification) {
        notify(notification);
        isOver = true;
        wake();
    }

    private static void notify(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException | Error failure) { // others' replies are still to come
            Log.error("the observer of a call has thrown, which it must not", failure);
        }
    }
}
