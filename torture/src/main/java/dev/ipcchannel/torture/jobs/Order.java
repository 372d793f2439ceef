package dev.ipcchannel.torture.jobs;

/// The data of one job.
///
/// @param number the job's index in the ledger
/// @param micros the duration of the job
/// @param parts the number of parts sent before the answer
record Order(int number, int micros, int parts) {

    /// The answer of a worker.
    long answer() {
        return 31L * number + micros;
    }
}
