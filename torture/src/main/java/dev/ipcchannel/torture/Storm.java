package dev.ipcchannel.torture;

/// One way to try to break what the library promises, for as long as it is given.
///
/// Whatever it does at random follows from the seed. What it finds, and what it hit, goes into
/// [Findings]; an exception that leaves [#run] is a fault as well. When it returns, its processes,
/// descriptors, mappings, threads and files are gone: [Torture] looks.
public interface Storm {

    /// The word that names it on the command line.
    String name();

    /// The promise that it tries to break, and how, in one line.
    String aim();

    /// Runs until `budget` is used up, but at least until all of its aims have been hit once.
    ///
    /// @throws Exception as the storm likes: it is reported as a fault
    void run(Budget budget, Findings findings) throws Exception;
}
