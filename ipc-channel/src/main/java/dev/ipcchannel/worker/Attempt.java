package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.ObservedCall;
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

    /// Sends the job to the worker. Outside the desk's lock, and never waits: it may be called by a
    /// thread that receives for others.
    ///
    /// @param isInBackground whether no thread waits in [ObservedCall#await]
    void send(Desk<Q, R> desk, boolean isInBackground) {
        try {
            ObservedCall<Outcome<R>> call = member.caller().tryObserve(job.task(), this);
            if (call == null) {
                desk.elsewhere(() -> sendWaiting(desk));
            } else {
                job.sent(member, call, isInBackground);
            }
        } catch (RuntimeException | Error failure) {
            // Elsewhere: what follows may be the next job's sending and failure, and so on.
            desk.elsewhere(() -> desk.notSent(member, job, failure));
        }
    }

    private void sendWaiting(Desk<Q, R> desk) {
        try {
            job.sent(member, member.caller().observe(job.task(), this), true);
        } catch (InterruptedException | RuntimeException | Error failure) {
            desk.notSent(member, job, failure);
        }
    }

    @Override
    public void onPart(Outcome<R> part) {
        job.heard(member, part);
    }

    @Override
    public void onUnreadablePart(RuntimeException failure) {
        job.broken(member, failure);
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        job.ended(member, last);
    }

    @Override
    public void onFailure(RuntimeException failure) {
        job.failed(member, failure instanceof CallFailed call ? named(call) : failure);
    }

    /// A call knows the process, and not what it is in the set. Whoever waits gets a copy of the
    /// exception with a stack of its own.
    private CallFailed named(CallFailed call) {
        CallFailed named = Failed.again(call, member.shown());
        named.setStackTrace(call.getStackTrace());
        return named;
    }
}
