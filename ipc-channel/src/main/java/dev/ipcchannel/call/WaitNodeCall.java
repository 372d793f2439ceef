package dev.ipcchannel.call;

/// An open call that a thread waits for, as the node with which it waits.
///
/// @param <R> the type of the answers
abstract sealed class WaitNodeCall<R> extends WaitNode implements OpenCall<R>
        permits AwaitedCall, OpenObservedCall, PartsCall {

    private long id;

    @Override
    public final void opened(long given) {
        id = given;
    }

    @Override
    public final long id() {
        return id;
    }
}
