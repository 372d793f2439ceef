package dev.ipcchannel.torture.jobs;

/// The data of one job.
///
/// @param number its place in the ledger
/// @param micros how long it takes
/// @param parts how many parts it sends before its answer
record Order(int number, int micros, int parts) {

    /// What a worker answers to it.
    long answer() {
        return 31L * number + micros;
    }
}
