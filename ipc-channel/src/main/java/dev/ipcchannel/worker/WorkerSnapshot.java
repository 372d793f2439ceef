package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;

/// A worker of a set at a moment.
///
/// @param number counts the workers that the set has ever started, from 1 on
/// @param pid its process
/// @param state what it is there for
/// @param running how many jobs it has in hand
/// @param done how many it has ended
/// @param age since it was ready
/// @param reason why the set has it end, in a few words: `maxJobs=1000`, `it was idle`, the error
/// of a job, and others; empty if it takes jobs, or has ended by itself
public record WorkerSnapshot(int number, long pid, State state, int running, long done,
        Duration age, String reason) {

    @Override
    public String toString() {
        return "WorkerSnapshot[number=%d, pid=%d, state=%s, running=%d, done=%d, age=%s%s]"
                .formatted(number, pid, state, running, done, ShownTime.of(age),
                        reason.isEmpty() ? "" : ", reason=" + reason);
    }

    /// The purpose of a worker.
    public enum State {

        /// It takes jobs.
        ACTIVE,

        /// It is ready to take another one's place.
        SPARE,

        /// It takes no more jobs, and ends when it has done those that it has.
        RETIRING,

        /// It is gone, or about to be.
        GONE
    }
}
