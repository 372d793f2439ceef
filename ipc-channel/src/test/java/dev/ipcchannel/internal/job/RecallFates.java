package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallRequest.Fact;
import org.jspecify.annotations.Nullable;

/// The truth about the jobs of the model, each a bit by its number, and what must not become of
/// them.
///
/// @param running the job whose handler the worker stands in, 0 if in none
/// @param run by the worker
/// @param settled those of which the host has a result, has given them away, or has said that they
/// were begun
/// @param givenAway to another worker
/// @param flaw what has gone wrong; null if nothing has
record RecallFates(int running, long run, long settled, long givenAway, @Nullable String flaw) {

    static final int MOST_JOBS = Long.SIZE - 1;

    static final RecallFates NONE = new RecallFates(0, 0, 0, 0, null);

    /// @param mark the worker's, as it has stored it last
    RecallFates with(Fact fact, int job, long mark) {
        long bit = 1L << job;
        boolean isRun = (run & bit) != 0;
        boolean isGivenAway = (givenAway & bit) != 0;
        return switch (fact) {
            case RUNS -> new RecallFates(job, run | bit, settled, givenAway,
                    isRun || isGivenAway ? "job %d is run twice".formatted(job) : null);
            case RETURNS -> new RecallFates(0, run, settled, givenAway, null);
            case HAS_RESULT ->
                    settled(bit, job, isRun ? null : "job %d has a result and was not run"
                            .formatted(job));
            case IS_GIVEN_AWAY -> new RecallFates(running, run, settled | bit, givenAway | bit,
                    isRun ? "job %d is given away and was run".formatted(job)
                            : settledTwice(bit, job));
            case IS_SAID_BEGUN -> settled(bit, job, isRun || job == mark ? null
                    : "job %d is said to be begun and was not".formatted(job));
        };
    }

    private RecallFates settled(long bit, int job, @Nullable String failure) {
        return new RecallFates(running, run, settled | bit, givenAway,
                failure != null ? failure : settledTwice(bit, job));
    }

    private @Nullable String settledTwice(long bit, int job) {
        return (settled & bit) != 0 ? "job %d is settled twice".formatted(job) : null;
    }
}
