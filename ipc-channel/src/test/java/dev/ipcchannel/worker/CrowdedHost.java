package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Has a set of workers whose listener closes it, or has its workers replaced, starts all the
/// threads that it may, kills a worker, and says what became of that.
public final class CrowdedHost {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int REFUSALS = 300; // in a row

    private CrowdedHost() {}

    public static void main(String[] arguments) throws Exception {
        CompletableFuture<WorkerSet<String, String>> self = new CompletableFuture<>();
        CompletableFuture<String> said = new CompletableFuture<>();
        WorkerListener listener = new WorkerListener() {

            @Override
            public void onEnded(WorkerSnapshot worker, ChildReport report, boolean wasPlanned) {
                if (!wasPlanned) { // the one that was killed
                    said.complete(use(self.join(), arguments[0]) + ", by the "
                            + Thread.currentThread().getName());
                }
            }
        };
        try (Stage stage = new Stage()) {
            // Inherited output has no threads, whose ends would make room for others.
            ChildJvm worker =
                    stage.worker().output(Output.inherit()).errors(Output.inherit());
            WorkerSet<String, String> set = stage.set(3).worker(worker).listener(listener)
                    .restartLimit(0, PATIENCE).start();
            boolean _ = set.awaitReady(PATIENCE);
            CountDownLatch end = new CountDownLatch(1);
            crowd(end);
            self.complete(set);
            ProcessHandle.of(set.workers().getFirst().pid()).orElseThrow().destroyForcibly();
            System.out.println(said.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            end.countDown();
            set.close();
        }
    }

    private static String use(WorkerSet<String, String> set, String verb) {
        if (verb.equals("close")) {
            set.close();
            return "closed, workers=" + set.workers().size();
        }
        try {
            set.restart();
            return "tried to restart"; // a new one would need threads
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /// There are no more threads when this returns, also where others have just ended, whose stacks
    /// the system takes back a moment later.
    private static void crowd(CountDownLatch end) {
        for (int refusals = 0; refusals < REFUSALS; refusals++) {
            try {
                Thread.ofPlatform().daemon().start(() -> await(end));
                refusals = 0;
            } catch (OutOfMemoryError _) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
