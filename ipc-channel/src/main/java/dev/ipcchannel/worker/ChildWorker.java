package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildReport;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.CallObserver;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.ObservedCall;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.internal.base.GoAway;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Rethrow;
import dev.ipcchannel.internal.job.Task;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A child process that is a worker, with the calls to it.
///
/// @param process the child
/// @param caller by which it gets jobs
/// @param marks of the channel by which they go there; null where there is none
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
record ChildWorker<Q, R>(ChildProcess process, Caller<Task<Q>, Outcome<R>> caller,
        @Nullable Marks marks)
        implements WorkerProcess<Q, R> {

    /// Starts one and waits until it has connected, and has done the first job of all workers where
    /// there is one.
    ///
    /// @param hasJobs whether there is something for it to do: then an exit of this JVM leaves it
    /// to its start
    static <Q, R> ChildWorker<Q, R> start(SetOptions<Q, R> options, BooleanSupplier hasJobs)
            throws InterruptedException {
        var link = ChildAccess.start(options.child(), options.types().requests(),
                options.types().replies(), options.jobsAtOnce(), hasJobs);
        Marks marks = EndAccess.outMarks(link.link()); // before the link has an owner
        ChildWorker<Q, R> worker =
                new ChildWorker<>(link.process(), new Caller<>(link.link()), marks);
        Q firstJob = options.firstJob();
        if (firstJob != null) {
            worker.doFirst(firstJob, ChildAccess.startTimeout(options.child()));
        }
        return worker;
    }

    /// A job whose answer is dropped.
    ///
    /// @param <R> the type of the answers
    private static final class Dropped<R> implements CallObserver<Outcome<R>> {

        private final Caller<?, Outcome<R>> caller;
        private volatile @Nullable RuntimeException failure;

        Dropped(Caller<?, Outcome<R>> caller) {
            this.caller = caller;
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

    /// Has it do a job, within the time that it has to start.
    ///
    /// @throws RuntimeException what is wrong with it; then it is gone
    private void doFirst(Q data, Duration timeout) throws InterruptedException {
        Dropped<R> first = new Dropped<>(caller);
        boolean isDone = false;
        try {
            if (!caller.observe(new Task.Bidirectional<>(data), first).await(timeout)) {
                throw new TimedOut(
                        ("a worker has not done its first job in time: timeout=%s, child=%s,"
                                + " %s").formatted(ShownTime.of(timeout), commandLine(),
                                        process.reportWithThreads()));
            }
            RuntimeException wrong = first.failure;
            if (wrong != null) {
                throw wrong instanceof CallFailed call
                        ? Rethrow.again(call, "worker (pid=%d, %s)".formatted(pid(), program()))
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
    public void warmUp() {
        try {
            ObservedCall<Outcome<R>> call =
                    caller.tryObserve(new Task.WarmUp<>(), new Dropped<>(caller));
            if (call != null) {
                call.receiveInBackground();
            }
        } catch (IpcException _) {
            // It is gone, and its end is noticed elsewhere.
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public long privateMemory() {
        return ChildAccess.privateMemory(process);
    }

    @Override
    public String program() {
        return ChildAccess.programName(process);
    }

    @Override
    public String commandLine() {
        return ChildAccess.commandLine(process);
    }

    @Override
    public void forgetErrorLines() {
        process.output().forgetErrorLines();
    }

    @Override
    public void onExit(Runnable action) {
        var _ = process.onExit().thenRun(action);
    }

    /// No failure is noticed where its transport has no connection for that, nor of another end
    /// than by a failure: its exit says more.
    @Override
    public void onFailure(Consumer<String> action) {
        Lifeline lifeline = ChildAccess.lifeline(process);
        if (lifeline != null) {
            var _ = lifeline.goAway().thenAccept(notice -> {
                if (notice.reason() == GoAway.Reason.FAILED) {
                    action.accept(notice.text());
                }
            });
        }
    }

    @Override
    public void leaveToHooksWhile(BooleanSupplier hasWork) {
        ChildAccess.leaveToHooksWhile(process, hasWork);
    }

    @Override
    public @Nullable String failure() throws InterruptedException {
        return ChildAccess.failure(process);
    }

    @Override
    public boolean awaitItsEnd() throws InterruptedException {
        return ChildAccess.awaitItsEnd(process);
    }

    @Override
    public void stop() {
        ChildAccess.stop(process, ChildAccess.grace(process), caller::close);
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public ChildReport report() {
        return process.report();
    }

    @Override
    public ChildReport reportWithThreads() {
        try {
            return process.reportWithThreads();
        } catch (InterruptedException | RuntimeException | Error _) { // no memory for it, say
            return process.report();
        }
    }
}
