package dev.ipcchannel.benchmarks;

/// Two running processes that send each other messages when it is their turn, and sleep when it is
/// not.
interface Contender extends AutoCloseable {

    /// A few words for the table.
    String name();

    /// Has the processes run for a while and returns what they measured.
    Sample slice(Shape shape, long millis) throws InterruptedException;

    /// Ends the processes.
    @Override
    void close();
}
