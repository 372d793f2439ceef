package dev.ipcchannel.benchmarks.worker;

/// The main class of a worker of a [dev.ipcchannel.worker.WorkerSet] that reads files.
public final class DigestWorker {

    private DigestWorker() {}

    /// Answers paths by digests until the host wants no more.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws InterruptedException {
        dev.ipcchannel.worker.Worker.serve(String.class, String.class, FileDigest::of);
    }
}
