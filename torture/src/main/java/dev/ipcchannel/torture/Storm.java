package dev.ipcchannel.torture;

/// A storm: an attempt to break one of the library's promises, for a given time.
///
/// All its random choices follow from the seed. What it finds and hits goes into [Findings]; an
/// exception that leaves [#run] is a fault as well. When it returns, its processes, descriptors,
/// mappings, threads and files are gone: [Torture] checks that.
public interface Storm {

    /// The storm's name on the command line.
    String name();

    /// The promise that the storm tries to break, and how, in one line.
    String aim();

    /// Runs until `budget` is used up, but at least until all of its aims have been hit once.
    ///
    /// @throws Exception of any kind: it is reported as a fault
    void run(Budget budget, Findings findings) throws Exception;
}
