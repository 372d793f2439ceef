package dev.ipcchannel.worker;

/// The numbers of what a set has done and has in hand at a moment.
///
/// Each job is counted once, where it stands at that moment: `submitted` is always `queued` +
/// `running` + `completed` + `failed` + `cancelled`.
///
/// @param size how many workers it is to have
/// @param active how many take jobs
/// @param spare how many are ready beside them
/// @param busy how many of the active ones have a job in hand, be it one that has ended for the
/// set: it was cancelled or has timed out, and its worker goes on
/// @param running how many jobs are in hand, by a worker or by the thread that gave them
/// ([BusyPolicy#callerRuns]), and have not ended
/// @param queued how many wait for a worker
/// @param submitted how many were taken in, not those that were refused by an exception
/// @param completed how many were answered
/// @param failed how many ended in an exception: the worker's, its death, the time limit, the set's
/// end
/// @param cancelled how many were given up: the future was cancelled or completed by hand, or the
/// calling thread was interrupted
/// @param retried how many were tried again after their worker had begun
/// @param restarts how many workers were replaced that had not been meant to end
/// @param latencies of the jobs that were completed
public record WorkerSetStats(int size, int active, int spare, int busy, int running, int queued,
        long submitted, long completed, long failed, long cancelled, long retried, long restarts,
        Latencies latencies) {}
