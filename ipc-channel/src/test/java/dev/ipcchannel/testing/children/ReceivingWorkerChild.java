package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.JobReply;
import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A worker that takes its jobs itself, answers each by another thread when the next has come, and
/// leaves a file when the host is gone.
public final class ReceivingWorkerChild {

    private ReceivingWorkerChild() {}

    /// Works until the host is gone.
    ///
    /// @param arguments the file
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Worker<Work, String> worker = Worker.connect(Work.class, String.class)) {
            Job<Work, String> last = worker.receive();
            while (last != null) {
                Job<Work, String> job = worker.receive();
                answer(last);
                last = job;
            }
        }
        Path _ = Files.createFile(Path.of(arguments[0]));
    }

    private static void answer(Job<Work, String> job) {
        if (job instanceof Job.Bidirectional<Work, String>(Work work, JobReply<String> reply)) {
            Thread.startVirtualThread(() -> send(work, reply));
        }
    }

    private static void send(Work work, JobReply<String> reply) {
        try {
            reply.send("done: " + work);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
