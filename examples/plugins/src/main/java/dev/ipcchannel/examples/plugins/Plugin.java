package dev.ipcchannel.examples.plugins;

/// Code of somebody else's, with a public constructor without parameters. Nothing that it does
/// harms the host: it runs in a worker.
public interface Plugin {

    /// Does whatever it does.
    ///
    /// @return its answer
    String run(String input) throws Exception;
}
