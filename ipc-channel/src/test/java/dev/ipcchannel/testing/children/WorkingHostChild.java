package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.WorkerSet;
import java.nio.file.Path;

/// A child that starts two workers, gives one of them a job that never ends, prints their pids, and
/// waits for that job.
public final class WorkingHostChild {

    private WorkingHostChild() {}

    /// Works until it is killed.
    ///
    /// @param arguments the name of the transport, and a file for the job
    public static void main(String[] arguments) throws InterruptedException {
        Transport transport = arguments[0].equals("shm") ? Transport.shm() : Transport.unix();
        try (WorkerSet<Work, String> workers = WorkerSet.builder(Work.class, String.class)
                .worker(ChildJvm.of(WorkingChild.class).shortLived().noClassArchive()
                        .transport(transport))
                .workerCount(2).start()) {
            while (workers.stats().active() < 2) {
                Thread.onSpinWait();
            }
            var _ = workers.send(new Work.Deaf(Path.of(arguments[1]).toString()));
            workers.workers().forEach(worker -> System.out.println(worker.pid()));
            String _ = workers.call(new Work.Wait(arguments[1] + "-2"));
        }
    }
}
