package dev.ipcchannel.call;

/// A call with a place to wait for it.
///
/// @param <R> the type of the answers
abstract sealed class SeatedCall<R> extends Seat implements OpenCall<R>
        permits AwaitedCall, HeardCall, PartsCall {

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
