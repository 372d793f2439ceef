package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The first job of a worker, whose answer is dropped: a job of the user's, for which its start
/// waits, or an empty one of a spare, which loads and links once what its first real job will need.
///
/// @param <R> the type of the answers
final class WarmUp<R> implements CallObserver<Outcome<R>> {

    private final Caller<?, Outcome<R>> caller;
    private volatile @Nullable RuntimeException failure;

    private WarmUp(Caller<?, Outcome<R>> caller) {
        this.caller = caller;
    }

    /// Has a spare do an empty job, outside of all locks. What goes wrong with it is noticed
    /// elsewhere.
    static <Q, R> void start(Caller<Task<Q>, Outcome<R>> caller) {
        ObservedCall<Outcome<R>> call =
                caller.tryObserve(new Task.WarmUp<>(), new WarmUp<>(caller));
        if (call != null) {
            call.receiveInBackground();
        }
    }

    /// Has a worker do a job, within the time that it has to start.
    ///
    /// @throws RuntimeException what is wrong with it; then the worker is gone
    static <Q, R> void run(ChildProcess process, Caller<Task<Q>, Outcome<R>> caller, Q data,
            Duration timeout) throws InterruptedException {
        WarmUp<R> warmUp = new WarmUp<>(caller);
        boolean isDone = false;
        try {
            boolean isInTime =
                    caller.observe(new Task.Bidirectional<>(data), warmUp).await(timeout);
            if (!isInTime) {
                throw new TimedOut(
                        ("a worker has not done its first job in time: timeout=%s, child=%s,"
                                + " %s").formatted(ShownTime.of(timeout),
                                        ChildAccess.commandLine(process),
                                        process.reportWithThreads()));
            }
            RuntimeException wrong = warmUp.failure;
            if (wrong != null) {
                throw wrong instanceof CallFailed call
                        ? Failed.again(call, "worker (pid=%d, %s)".formatted(process.pid(),
                                ChildAccess.programName(process)))
                        : wrong;
            }
            isDone = true;
        } finally {
            if (!isDone) {
                caller.close();
                process.kill();
            }
        }
    }

    @Override
    public void onPart(Outcome<R> part) {
        caller.drop(part);
    }

    @Override
    public void onEnd(@Nullable Outcome<R> last) {
        if (last != null) {
            caller.drop(last);
        }
    }

    @Override
    public void onFailure(RuntimeException wrong) {
        failure = wrong;
    }
}
