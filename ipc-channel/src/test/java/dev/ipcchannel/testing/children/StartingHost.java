package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.Worker;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A host that exits while its set has no worker for a job that a shutdown hook waits for, so that
/// a worker has to start; the task is the reason. It is the program of the workers as well.
public final class StartingHost {

    /// The reason why there is no worker.
    public enum Task {
        /// The only worker is starting when the exit begins.
        STARTING,
        /// The only worker ends during the hook, with a job.
        DYING,
        /// The only worker is idle when the exit begins, and so has been asked to end.
        IDLE,
        /// The only worker is starting, and there is no hook.
        LEFT
    }

    private static final String DIE = "die";
    private static final String JOB = "a job";

    private StartingHost() {}

    /// Exits in order.
    ///
    /// @param arguments the task, the transport and a folder for files
    public static void main(String[] arguments) throws Exception {
        Task task = Task.valueOf(arguments[0]);
        Path folder = Path.of(arguments[2]);
        if (ChildJvm.isChild()) {
            work(task, folder);
            return;
        }
        ChildProcess bystander = ChildJvm.ofCommand("sleep", "1000").start();
        WorkerSet<String, String> set = WorkerSet.builder(String.class, String.class)
                .worker(ChildJvm.of(StartingHost.class).arguments(arguments).shortLived()
                        .noClassArchive())
                .transport(arguments[1].equals("shm") ? Transport.shm() : Transport.unix())
                .workerCount(1).start();
        CompletableFuture<String> job = begin(task, set, folder);
        if (task == Task.LEFT) {
            System.exit(0);
        }
        long worker = task == Task.IDLE ? set.workers().getFirst().pid() : bystander.pid();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            awaitEnd(bystander.pid()); // the library's hook asks it to end: it is at work
            awaitEnd(worker);
            leave(folder.resolve("go"));
            try {
                CompletableFuture<String> awaited = job == null ? set.send(JOB) : job;
                System.out.println("drained=" + set.drain(Duration.ofMinutes(1)));
                System.out.println(awaited.handle((answer, failure) -> failure == null ? answer
                        : failure.toString()).getNow("open"));
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }));
        System.exit(0);
    }

    private static @Nullable CompletableFuture<String> begin(Task task,
            WorkerSet<String, String> set,
            Path folder) throws InterruptedException {
        if (task == Task.IDLE) {
            return null;
        }
        CompletableFuture<String> _ = set.send(DIE);
        CompletableFuture<String> job = set.send(JOB);
        await(folder.resolve(task == Task.DYING ? "dying" : "second"));
        return job;
    }

    private static void awaitEnd(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
    }

    private static void work(Task task, Path folder) throws Exception {
        if ((task == Task.STARTING || task == Task.LEFT)
                && !folder.resolve("first").toFile().createNewFile()) {
            leave(folder.resolve("" + ProcessHandle.current().pid()));
            leave(folder.resolve("second"));
            await(folder.resolve("go"));
        }
        Worker.serve(String.class, String.class, word -> {
            if (word.equals(DIE)) {
                leave(folder.resolve("dying"));
                if (task == Task.DYING) {
                    await(folder.resolve("go"));
                }
                Runtime.getRuntime().halt(1);
            }
            return "done";
        });
    }

    private static void leave(Path file) {
        try {
            Path _ = Files.createFile(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void await(Path file) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!Files.exists(file)) {
            boolean _ = never.await(5, TimeUnit.MILLISECONDS);
        }
    }
}
