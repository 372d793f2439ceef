package dev.ipcchannel.examples.plugins;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.worker.Worker;

/// Loads plugins and runs them, one after the other.
public final class PluginWorker {

    private PluginWorker() {}

    /// Runs the program. Started by the host, not by hand.
    ///
    /// @throws InterruptedException if a plugin interrupts this thread
    public static void main(String[] args) throws InterruptedException {
        try {
            // What a plugin throws, an Error as well, is the answer to its job; the worker goes on.
            Worker.serve(RunPlugin.class, String.class, PluginWorker::run);
        } catch (IllegalStateException | IpcException failure) {
            System.err.println("plugin-worker: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static String run(RunPlugin job) throws Exception {
        // Plugins of other people are in jars of theirs: then a URLClassLoader loads the class.
        Plugin plugin = Class.forName(job.className()).asSubclass(Plugin.class)
                .getConstructor().newInstance();
        return plugin.run(job.input());
    }
}
