package dev.ipcchannel.worker;

import dev.ipcchannel.call.CallObserver;
import org.jspecify.annotations.Nullable;

/// A job in the hands of one worker. News that come when the job is not that worker's any more are
/// dropped: it may be another one's by then.
///
/// @param job the job
/// @param member the worker
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
record Attempt<Q, R>(HostJob<Q, R> job, Member<Q, R> member)
        implements CallObserver<Outcome<R>> {

    @Override
    public void onPart(Outcome<R> part) {
        job.heard(member, part);
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        job.ended(member, last);
    }

    @Override
    public void onFailure(RuntimeException failure) {
        job.failed(member, failure);
    }
}
