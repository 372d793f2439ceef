package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.Worker;
import dev.ipcchannel.worker.WorkerSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A host whose shutdown hook lets its two workers finish their jobs, and prints how many were
/// answered. It is the program of its workers as well, whose hooks write a file each.
public final class DrainingHost {

    /// How many jobs it gives.
    public static final int JOBS = 20;

    /// Leaves the workers to their connections, without a close.
    public static final String DRAIN = "drain";

    /// The same with a close after the drain.
    public static final String DRAIN_AND_CLOSE = "close";

    /// The same, with workers that handle SIGINT themselves and ignore it.
    public static final String DEAF = "deaf";

    private DrainingHost() {}

    /// Works until it is asked to end.
    ///
    /// @param arguments the transport, a folder for files, what to do, and milliseconds of a job
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        if (ChildJvm.isChild()) {
            work(folder, arguments[2]);
            return;
        }
        Transport transport = arguments[0].equals("shm") ? Transport.shm() : Transport.unix();
        WorkerSet<Integer, Integer> set = WorkerSet.builder(Integer.class, Integer.class)
                .worker(ChildJvm.of(DrainingHost.class).arguments(arguments).shortLived()
                        .noClassArchive().transport(transport))
                .workerCount(2).start();
        boolean _ = set.awaitReady(Duration.ofSeconds(20));
        AtomicInteger done = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("stopping");
            drain(set);
            if (arguments[2].equals(DRAIN_AND_CLOSE)) {
                set.close();
            }
            System.out.println("done=" + done + " failed=" + failed);
        }));
        for (int i = 0; i < JOBS; i++) {
            var _ = set.send(Integer.valueOf(arguments[3])).whenComplete((_, failure) -> {
                int _ = (failure == null ? done : failed).incrementAndGet();
            });
        }
        set.workers().forEach(worker -> System.out.println(worker.pid()));
        new CountDownLatch(1).await();
    }

    private static void drain(WorkerSet<?, ?> set) {
        try {
            boolean _ = set.drain(Duration.ofSeconds(8)); // docker stop kills after ten
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void work(Path folder, String mode) throws Exception {
        if (mode.equals(DEAF)) {
            ignoreInterrupts();
        }
        ChildJvm.onParentDeath(() -> leave(folder, "orphan-"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(folder, "exit-")));
        Worker.serve(Integer.class, Integer.class, millis -> {
            Thread.sleep(millis);
            return millis;
        });
    }

    /// By reflection, since javac always warns of that class.
    private static void ignoreInterrupts() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object deaf = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[]{handler},
                (_, _, _) -> null);
        Object _ = signal.getMethod("handle", signal, handler).invoke(null,
                signal.getConstructor(String.class).newInstance("INT"), deaf);
    }

    private static void leave(Path folder, String name) {
        try {
            Path _ = Files.createFile(folder.resolve(name + ProcessHandle.current().pid()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
