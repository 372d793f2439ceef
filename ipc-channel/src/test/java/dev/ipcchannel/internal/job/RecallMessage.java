package dev.ipcchannel.internal.job;

import dev.ipcchannel.internal.job.RecallScenario.Batch;

/// The messages of the model, each a number that is not negative.
final class RecallMessage {

    private static final int BITS = 16;
    private static final long MASK = (1 << BITS) - 1;

    private RecallMessage() {}

    /// Jobs for the worker, as of an epoch.
    static long jobs(Batch batch, long epoch) {
        return epoch << (2 * BITS) | (long) batch.first() << BITS | batch.count();
    }

    static Batch batch(long jobs) {
        return new Batch((int) (jobs >> BITS & MASK), (int) (jobs & MASK));
    }

    static long epoch(long jobs) {
        return jobs >> (2 * BITS);
    }

    /// More results of the worker's first batch that has not ended.
    ///
    /// @param isLast whether the batch ends with them: jobs without a result are given back
    static long results(int count, boolean isLast) {
        return 2L * count + (isLast ? 1 : 0);
    }

    static int count(long results) {
        return (int) (results / 2);
    }

    static boolean isLast(long results) {
        return results % 2 != 0;
    }
}
