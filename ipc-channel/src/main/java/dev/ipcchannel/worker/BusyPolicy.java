package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;

/// The fate of a job for which no worker is free and the queue has no room.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public sealed interface BusyPolicy<Q, R> {

    /// The calling thread waits for room, no longer than `timeout`, then gets
    /// [dev.ipcchannel.WorkersBusy].
    ///
    /// @throws IllegalArgumentException if the timeout is negative
    static <Q, R> BusyPolicy<Q, R> waitUpTo(Duration timeout) {
        return new Wait<>(timeout);
    }

    /// The calling thread gets [dev.ipcchannel.WorkersBusy] at once.
    static <Q, R> BusyPolicy<Q, R> reject() {
        return new Reject<>();
    }

    /// The calling thread does the job, in this process, before the call returns: without a limit
    /// to its time, progress or parts. What `function` throws fails the job with
    /// [dev.ipcchannel.CallFailed], as what a worker throws does.
    static <Q, R> BusyPolicy<Q, R> callerRuns(JobFunction<Q, R> function) {
        return new CallerRuns<>(function);
    }

    /// The policy of [#waitUpTo].
    ///
    /// @param timeout how long
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record Wait<Q, R>(Duration timeout) implements BusyPolicy<Q, R> {

        /// @throws NullPointerException if there is no timeout
        /// @throws IllegalArgumentException if it is negative
        public Wait {
            Argument.given(timeout, "timeout");
            if (timeout.isNegative()) {
                throw new IllegalArgumentException(
                        "a wait for room is not negative: timeout=%s, limit=0 s"
                                .formatted(ShownTime.of(timeout)));
            }
        }
    }

    /// The policy of [#reject].
    ///
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record Reject<Q, R>() implements BusyPolicy<Q, R> {}

    /// The policy of [#callerRuns].
    ///
    /// @param function does the job
    /// @param <Q> the type of the jobs' data
    /// @param <R> the type of the answers
    record CallerRuns<Q, R>(JobFunction<Q, R> function) implements BusyPolicy<Q, R> {

        /// @throws NullPointerException if there is no function
        public CallerRuns {
            Argument.given(function, "function");
        }
    }
}
