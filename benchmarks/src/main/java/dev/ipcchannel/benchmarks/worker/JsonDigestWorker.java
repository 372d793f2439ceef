package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;

/// The main class of a child that reads files; its jobs and answers are lines of JSON.
public final class JsonDigestWorker {

    /// A job as a line of JSON.
    ///
    /// @param id comes back with the answer
    record Job(long id, String path) {}

    /// An answer as a line of JSON.
    ///
    /// @param id of the job
    /// @param value the digest
    record Answer(long id, String value) implements JsonChild.Answer<String> {}

    private JsonDigestWorker() {}

    /// Answers paths by digests until its input ends.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws IOException {
        JsonWorker.serve(Job.class, job -> new Answer(job.id(), FileDigest.of(job.path())));
    }
}
