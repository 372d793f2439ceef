package dev.ipcchannel.testing.children;

import dev.ipcchannel.TimedOut;
import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.JobReply;
import dev.ipcchannel.worker.Worker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A worker that forgets its first job, and sends back all others. It collects garbage while it
/// waits.
public final class ForgetfulWorkerChild {

    private ForgetfulWorkerChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Worker<String, String> worker = Worker.connect(String.class, String.class)) {
            forget(worker);
            while (true) {
                System.gc();
                try {
                    if (!isAnswered(worker.receive(Duration.ofMillis(10)))) {
                        return;
                    }
                } catch (TimedOut _) {
                    // The next look at the garbage.
                }
            }
        }
    }

    /// In a method of its own, so that no frame keeps the job.
    private static void forget(Worker<String, String> worker) throws InterruptedException {
        Object _ = worker.receive();
    }

    private static boolean isAnswered(@Nullable Job<String, String> job)
            throws InterruptedException {
        if (job instanceof Job.Bidirectional(String data, JobReply<String> reply)) {
            reply.send(data);
        }
        return job != null;
    }
}
