package dev.ipcchannel.examples.plugins;

/// A plugin: foreign code, with a public constructor without parameters. It cannot harm the host,
/// since it runs in a worker.
public interface Plugin {

    /// Runs the plugin.
    ///
    /// @return the plugin's answer
    String run(String input) throws Exception;
}
