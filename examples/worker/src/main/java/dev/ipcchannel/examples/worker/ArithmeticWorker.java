package dev.ipcchannel.examples.worker;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.examples.common.HostMessage;
import dev.ipcchannel.worker.Job;
import dev.ipcchannel.worker.JobReply;
import dev.ipcchannel.worker.Worker;

/// A worker that does sums, one job after another, until its host is gone or closes its set.
///
/// A worker that has nothing else to do is shorter with `Worker.serve`. The loop here is for
/// programs that decide themselves when to take a job and when to answer it.
public final class ArithmeticWorker {

    private ArithmeticWorker() {}

    /// Runs the program. Started by a `WorkerSet`, not by hand.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        // 1. Connect with the host that has started this process.
        try (Worker<HostMessage, Integer> host =
                Worker.connect(HostMessage.class, Integer.class)) {
            // 2. Wait for jobs. The loop ends when the host is gone or has closed its set.
            for (Job<HostMessage, Integer> job = host.receive(); job != null; job =
                    host.receive()) {
                // 3. Do the job, and answer it if the host waits for the answer.
                switch (job) {
                    case Job.Bidirectional<HostMessage, Integer>(var message, var reply) ->
                            answer(message, reply);
                    case Job.Unidirectional<HostMessage, Integer>(var message) ->
                            System.out.println(message); // the host prints what its workers print
                }
            }
        } catch (IllegalStateException | IpcException failure) {
            System.err.println("arithmetic-worker: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static void answer(HostMessage message, JobReply<Integer> reply)
            throws InterruptedException {
        try {
            reply.send(switch (message) {
                case HostMessage.Add(int a, int b) -> Math.addExact(a, b);
                case HostMessage.Sub(int a, int b) -> Math.subtractExact(a, b);
            });
        } catch (ArithmeticException overflow) {
            reply.fail(overflow); // the host gets it as CallFailed, and this worker goes on
        }
    }
}
