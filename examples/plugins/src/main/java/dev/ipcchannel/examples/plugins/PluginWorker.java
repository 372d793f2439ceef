package dev.ipcchannel.examples.plugins;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.worker.Worker;

/// A worker that loads plugins and runs them, one after another.
public final class PluginWorker {

    private PluginWorker() {}

    /// Runs the program. Started by the host, not by hand.
    ///
    /// @throws InterruptedException if a plugin interrupts this thread
    public static void main(String[] args) throws InterruptedException {
        try {
            // The answer to a job is also what the plugin throws, even an Error; the worker
            // continues.
            Worker.serve(RunPlugin.class, String.class, PluginWorker::run);
        } catch (IllegalStateException | IpcException failure) {
            System.err.println("plugin-worker: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static String run(RunPlugin job) throws Exception {
        // For plugins of other people, which are in their own jars, a URLClassLoader loads the
        // class.
        Plugin plugin = Class.forName(job.className()).asSubclass(Plugin.class)
                .getConstructor().newInstance();
        return plugin.run(job.input());
    }
}
