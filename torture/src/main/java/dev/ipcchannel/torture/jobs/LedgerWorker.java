package dev.ipcchannel.torture.jobs;

import dev.ipcchannel.worker.JobContext;
import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The worker of the storm: for each job it records the begin in the ledger, does the job, and
/// records the end.
///
/// Argument: the ledger's file.
public final class LedgerWorker {

    private LedgerWorker() {}

    /// Runs the worker.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Ledger ledger = Ledger.open(Path.of(arguments[0]));
        Worker.serve(Order.class, Long.class, (order, job) -> answer(ledger, order, job));
    }

    private static Long answer(Ledger ledger, Order order, JobContext<Long> job)
            throws InterruptedException {
        ledger.begin(order.number());
        long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(order.micros());
        for (int part = 0; part < order.parts(); part++) {
            job.part((long) part);
        }
        for (long left = end - System.nanoTime(); left > 0 && !job.isCancelled(); left =
                end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, 100_000));
        }
        ledger.end(order.number());
        return order.answer();
    }
}
