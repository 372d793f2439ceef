package dev.ipcchannel.examples.host;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.examples.common.HostMessage;
import dev.ipcchannel.worker.WorkerSet;

/// A host that has a sum done by one of four worker processes, and prints the result.
public final class WorkerHost {

    private static final int WORKERS = 4;

    // The worker's class by name: this program is compiled without it, and has it on the class path
    // when it runs. For a worker in its own jar use ChildJvm.ofJar(Path.of("worker.jar")).
    private static final String WORKER = "dev.ipcchannel.examples.worker.ArithmeticWorker";

    private WorkerHost() {}

    /// Runs the program. It ends with 0, with 1 if there is no result, and with 2 if it has
    /// arguments.
    ///
    /// @throws InterruptedException never: no thread interrupts the main thread
    public static void main(String[] args) throws InterruptedException {
        if (args.length == 1 && args[0].matches("-h|--help")) {
            System.out.println("Has a sum done by a worker process. It takes no arguments.");
            return;
        }
        if (args.length > 0) {
            fail(2, "this program takes no arguments: arguments=" + args.length
                    + ": leave them out");
        }
        // 1. Start the workers. This waits until the first is ready; the others join later.
        try (WorkerSet<HostMessage, Integer> workers =
                WorkerSet.builder(HostMessage.class, Integer.class)
                        .worker(ChildJvm.of(WORKER).shortLived())
                        .workerCount(WORKERS)
                        .start()) {
            // 2. Give one of them a job, and wait for the answer.
            int sum = workers.call(new HostMessage.Add(6, 7));
            System.out.println("Result -> " + sum);
        } catch (IpcException failure) { // all that can go wrong with processes and messages
            fail(1, String.valueOf(failure.getMessage()));
        } // 3. Closing the set ends the workers.
    }

    private static void fail(int exitCode, String sentence) {
        System.err.println("worker-host: " + sentence);
        System.exit(exitCode);
    }
}
