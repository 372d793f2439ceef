package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.job.JobTypes;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The settings of a set, as its builder has them.
///
/// @param child how to start a worker
/// @param types of what goes to it and comes from it
/// @param workers how many there are to be
/// @param jobsAtOnce how many jobs a worker gets at once
/// @param prefetch how many more it gets ahead of those; [#BY_PACE] for what takes it a moment
/// @param queueCapacity how many jobs may wait
/// @param busyPolicy what becomes of more
/// @param jobTimeout of jobs that say nothing else; null for none
/// @param timeoutAction of jobs that say nothing else
/// @param spares how many workers are ready beside those that take jobs
/// @param firstJob what each worker does before it takes jobs; null for nothing
/// @param maxJobs after how many jobs a worker is replaced
/// @param maxAge after how long a worker is replaced; null for never
/// @param maxMemory bytes of its own after which a worker is replaced
/// @param minWorkers how many stay however long they have nothing to do
/// @param idleTime after which without a job a worker beyond those ends; null for never
/// @param replacedAfter names of what a worker is replaced after, when a job has failed with it
/// @param restartLimit how many may be replaced that were not meant to end
/// @param restartInterval within that time
/// @param listener is notified of what happens
/// @param context makes the headers of jobs
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
record SetOptions<Q, R>(ChildJvm child, JobTypes<Q, R> types, int workers, int jobsAtOnce,
        int prefetch, int queueCapacity, BusyPolicy<Q, R> busyPolicy, @Nullable Duration jobTimeout,
        TimeoutAction timeoutAction, int spares, @Nullable Q firstJob, long maxJobs,
        @Nullable Duration maxAge, long maxMemory, int minWorkers, @Nullable Duration idleTime,
        Set<String> replacedAfter, int restartLimit, Duration restartInterval,
        WorkerListener listener, ContextCarrier context) {

    /// A worker gets ahead what takes it a moment.
    static final int BY_PACE = -1;

    /// Whether a worker gets ahead what takes it a moment: one that does one job at a time.
    boolean isAheadByPace() {
        return prefetch == BY_PACE;
    }

    /// Whether a worker may have more than one job in hand.
    boolean hasSeveral() {
        return jobsAtOnce > 1 || prefetch != 0;
    }

    /// Whether a worker whose job has failed so is to be replaced.
    boolean isReplacedAfter(@Nullable RuntimeException failure) {
        return failure instanceof CallFailed call && replacedAfter.contains(call.remoteType());
    }
}
