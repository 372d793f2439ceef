package dev.ipcchannel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A group of contenders, started side by side and ended together.
final class Contenders implements AutoCloseable {

    private final List<Contender> running = new ArrayList<>();
    private @Nullable BenchFailure failure; // of one that could not be started

    private Contenders() {}

    /// Starts the C processes and a pair of JVMs for each plan.
    static Contenders start(Machine machine, Pace pace, List<JvmPair.Plan> plans)
            throws InterruptedException {
        return start(Stream.concat(Stream.of(() -> CacheLine.start(machine)),
                starts(machine, pace, plans)));
    }

    /// Starts a pair of JVMs for each plan, and what else is compared with them.
    static Contenders startWith(Machine machine, Pace pace, List<JvmPair.Plan> plans,
            List<Callable<Contender>> others) throws InterruptedException {
        return start(Stream.concat(starts(machine, pace, plans), others.stream()));
    }

    /// Starts a pair of JVMs for each plan.
    static Contenders startJvms(Machine machine, Pace pace, List<JvmPair.Plan> plans)
            throws InterruptedException {
        return start(starts(machine, pace, plans));
    }

    private static Stream<Callable<Contender>> starts(Machine machine, Pace pace,
            List<JvmPair.Plan> plans) {
        return plans.stream().map(plan -> () -> JvmPair.start(machine, plan, pace.capacity()));
    }

    private static Contenders start(Stream<Callable<Contender>> starts)
            throws InterruptedException {
        Contenders contenders = new Contenders();
        try (ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Contender>> starting = starts.map(starter::submit).toList();
            for (Future<Contender> contender : starting) {
                contenders.await(contender);
            }
        }
        if (contenders.failure != null) {
            contenders.close();
            throw contenders.failure;
        }
        return contenders;
    }

    private void await(Future<Contender> contender) throws InterruptedException {
        try {
            running.add(contender.get());
        } catch (ExecutionException reason) {
            failure = reason.getCause() instanceof BenchFailure known
                    ? known
                    : new BenchFailure("a contender could not be started: " + reason.getCause());
        }
    }

    List<Contender> all() {
        return running;
    }

    @Override
    public void close() {
        running.parallelStream().forEach(Contender::close);
    }
}
