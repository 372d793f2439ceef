package dev.ipcchannel.worker;

/// What a set has done and has in hand at a moment.
///
/// @param size how many workers it is to have
/// @param active how many take jobs
/// @param spare how many are ready beside them
/// @param busy how many of the active ones have a job in hand
/// @param running how many jobs are in hand
/// @param queued how many wait for a worker
/// @param completed how many were done
/// @param failed how many were not
/// @param retried how many were tried again after their worker had begun
/// @param restarts how many workers were replaced that had not been meant to end
/// @param latencies of the jobs that were done
public record WorkerSetStats(int size, int active, int spare, int busy, int running, int queued,
        long completed, long failed, long retried, long restarts, Latencies latencies) {}
