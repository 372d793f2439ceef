package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import java.nio.file.Path;
import java.time.Duration;

/// A set of [LedgerWorker]s that are there to be killed: a kill costs the start of a JVM, so these
/// are JVMs that start soon.
final class LedgerSet {

    private static final Order FIRST = new Order(Ledger.JOBS - 1, 0, 0); // no storm comes so far
    private static final Duration WRITING = Duration.ofSeconds(30);
    private static final long HEAP = 64L << 20;

    private LedgerSet() {}

    /// A set whose workers are replaced however often they are killed.
    ///
    /// @param ledger the file in which they count what they do
    static WorkerSetBuilder<Order, Long> builder(Path ledger) throws InterruptedException {
        return builder(ledger, Transport.shm());
    }

    /// The same by another transport.
    static WorkerSetBuilder<Order, Long> builder(Path ledger, Transport transport)
            throws InterruptedException {
        ChildJvm worker = ChildJvm.of(LedgerWorker.class).arguments(ledger.toString())
                .shortLived().heap(HEAP).transport(transport);
        writeArchive(worker);
        return of(worker).restartLimit(Integer.MAX_VALUE, Duration.ofMinutes(1));
    }

    /// A worker that is killed writes no archive of its classes, so one ends by itself beforehand.
    /// There is none where the class path has folders.
    private static void writeArchive(ChildJvm worker) throws InterruptedException {
        try (WorkerSet<Order, Long> one = of(worker.grace(WRITING)).workerCount(1).start()) {
            if (one.call(FIRST) != FIRST.answer()) {
                throw new IllegalStateException("a worker has answered wrongly");
            }
        }
    }

    private static WorkerSetBuilder<Order, Long> of(ChildJvm worker) {
        return WorkerSet.builder(Order.class, Long.class).worker(worker);
    }
}
