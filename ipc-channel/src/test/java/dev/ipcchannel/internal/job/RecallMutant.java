package dev.ipcchannel.internal.job;

/// One order of beginning and taking back, taken away. Each says what it holds together, and so
/// what [RecallExplorer] must find without it.
enum RecallMutant {

    /// The protocol as it is.
    NONE,

    /// The worker's fence between its mark and its look: the look overtakes the mark. The host sees
    /// the old mark and the worker the old epoch, so both have the job.
    NO_FENCE_AT_BEGIN,

    /// The host's fence between its epoch and its look, with the same end.
    NO_FENCE_AT_RECALL,

    /// The worker looks at the epoch before it says what it begins.
    LOOK_BEFORE_MARK,

    /// The host looks at the mark before it says the new epoch.
    LOOK_BEFORE_EPOCH,

    /// The worker sends a batch's results after it has begun the next batch: the host sees the mark
    /// of that one, and neither results nor a beginning of the jobs before.
    RESULTS_AFTER_NEXT_BEGIN,

    /// The worker says that it begins a job once it has run it: a death in between leaves a job
    /// that counts as not begun and was run.
    MARK_AFTER_JOB,

    /// The host decides what a dead worker had begun before it has received the results that are
    /// there.
    DEATH_BEFORE_RESULTS,

    /// The host takes batches back that stand before the one begun: they are done, and their
    /// results are on the way.
    EARLIER_BATCHES_TOO,

    /// The host takes the jobs' numbers for their order: of two batches that come the other way
    /// round, it leaves the one that is not begun, or takes the one back that is done.
    NUMBERS_FOR_ORDER,

    /// The host takes back of the batch that was begun alone: a long job keeps those after it.
    BEGUN_BATCH_ALONE,

    /// The host takes the job at the mark back as well.
    JOB_AT_THE_MARK_TOO,

    /// The worker goes on with a batch of a former epoch.
    NO_LOOK
}
