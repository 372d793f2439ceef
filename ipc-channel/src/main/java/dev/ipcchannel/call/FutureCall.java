package dev.ipcchannel.call;

import dev.ipcchannel.ProtocolViolation;
import java.util.concurrent.CompletableFuture;

/// A call whose answer completes a future. Completing the future in any other way cancels the call.
///
/// @param <R> the type of the answers
final class FutureCall<R> extends CompletableFuture<R> implements OpenCall<R> {

    private final Reception<?, R> reception;
    private long id;

    FutureCall(Reception<?, R> reception) {
        this.reception = reception;
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
    public void onAnswer(R value) {
        super.complete(value);
    }

    @Override
    public boolean onPart(R value) {
        fail(new ProtocolViolation(AwaitedCall.NO_PARTS));
        return false;
    }

    @Override
    public void onEnd() {
        fail(new ProtocolViolation(AwaitedCall.NO_ANSWER));
    }

    @Override
    public void onFailed(RemoteFailure failure) {
        super.completeExceptionally(failure.toException());
    }

    @Override
    public void fail(RuntimeException failure) {
        super.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean isDone = super.cancel(mayInterrupt);
        reception.cancel(id);
        return isDone;
    }

    @Override
    public boolean complete(R value) {
        boolean isDone = super.complete(value);
        reception.cancel(id);
        return isDone;
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        boolean isDone = super.completeExceptionally(failure);
        reception.cancel(id);
        return isDone;
    }

    /// What depends on it cancels nothing.
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
