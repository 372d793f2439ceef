package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.benchmarks.worker.JobMessage.Add;
import dev.ipcchannel.child.ChildJvm;

/// The main class of a child that adds, with nothing but the channels that a [JobWorker] has too.
public final class LinkedWorker {

    private LinkedWorker() {}

    /// Adds until the parent is gone.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws InterruptedException {
        try (Link<Integer, JobMessage> parent =
                ChildJvm.parent(Integer.class, JobMessage.class)) {
            while (true) {
                if (!(parent.receive() instanceof Add(int a, int b))) {
                    throw new IllegalStateException("this child does nothing but add");
                }
                parent.send(a + b);
            }
        } catch (Disconnected end) {
            // The parent wants no more.
        }
    }
}
