package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.ProcessStats;
import dev.ipcchannel.benchmarks.worker.JobMessage.Add;
import dev.ipcchannel.benchmarks.worker.JobMessage.Bells;
import dev.ipcchannel.benchmarks.worker.JobMessage.Pid;
import dev.ipcchannel.benchmarks.worker.JobMessage.Stay;
import dev.ipcchannel.benchmarks.worker.JobMessage.When;
import dev.ipcchannel.benchmarks.worker.JobMessage.Work;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The main class of a worker of a [dev.ipcchannel.worker.WorkerSet].
public final class JobWorker {

    private final long main;
    private final long connected;
    private long firstJob; // 0 until it has come
    private long reportedBells; // of this process

    private JobWorker(long main, long connected) {
        this.main = main;
        this.connected = connected;
    }

    /// Does jobs until the host wants no more.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws InterruptedException {
        long main = System.nanoTime();
        try (dev.ipcchannel.worker.Worker<JobMessage, Integer> host =
                dev.ipcchannel.worker.Worker.connect(JobMessage.class, Integer.class)) {
            JobWorker worker = new JobWorker(main, System.nanoTime());
            host.serve((message, _) -> worker.answer(message));
        }
    }

    private int answer(JobMessage message) {
        if (firstJob == 0) {
            firstJob = System.nanoTime();
        }
        return switch (message) {
            case Add(int a, int b) -> a + b;
            case Work work -> work.result();
            case Stay stay -> stay(stay);
            case When(JobMessage.Moment moment, long since) -> micros(moment, since);
            case Bells(int micros) -> moreBells(micros);
            case Pid _ -> Math.toIntExact(ProcessHandle.current().pid());
        };
    }

    private static int stay(Stay stay) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < stay.nanos()) {
            if (stay.isSleep()) {
                LockSupport.parkNanos(begin + stay.nanos() - System.nanoTime());
            } else {
                Thread.onSpinWait();
            }
        }
        return Math.toIntExact(TimeUnit.NANOSECONDS.toMicros(begin - stay.since()));
    }

    private int moreBells(int micros) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
        synchronized (this) { // where a worker does several jobs at once
            long all = bells();
            int more = Math.toIntExact(all - reportedBells);
            reportedBells = all;
            return more;
        }
    }

    /// The count of wake-ups of other processes by this one, through all its ends.
    static long bells() {
        ProcessStats stats = ProcessStats.now();
        return stats.sent().bells() + stats.received().bells();
    }

    private int micros(JobMessage.Moment moment, long since) {
        long nanos = switch (moment) {
            case MAIN -> main;
            case CONNECTED -> connected;
            case FIRST_JOB -> firstJob;
        };
        return Math.toIntExact(TimeUnit.NANOSECONDS.toMicros(nanos - since));
    }
}
