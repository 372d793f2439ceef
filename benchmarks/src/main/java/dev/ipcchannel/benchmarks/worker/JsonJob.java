package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.benchmarks.worker.JobMessage.Add;
import dev.ipcchannel.benchmarks.worker.JobMessage.Work;

/// A job as a line of JSON.
///
/// @param id comes back with the answer
/// @param kind `add` or `work`
/// @param a what is added, or the steps
/// @param b what is added, or the seed
record JsonJob(long id, String kind, int a, int b) {

    /// The answer, as a line of JSON.
    ///
    /// @param id of the job
    /// @param value the answer
    record Answer(long id, Integer value) implements JsonChild.Answer<Integer> {}

    static JsonJob of(long id, JobMessage message) {
        return switch (message) {
            case Add(int a, int b) -> new JsonJob(id, "add", a, b);
            case Work(int steps, int seed) -> new JsonJob(id, "work", steps, seed);
            default -> throw new IllegalArgumentException("no such job in JSON: " + message);
        };
    }

    Answer answer() {
        return new Answer(id, kind.equals("add") ? a + b : new Work(a, b).result());
    }
}
