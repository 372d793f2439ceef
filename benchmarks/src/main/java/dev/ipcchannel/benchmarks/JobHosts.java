package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.BareWorker;
import dev.ipcchannel.benchmarks.worker.JobHost;
import dev.ipcchannel.benchmarks.worker.Slice;
import dev.ipcchannel.benchmarks.worker.Usage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JVMs whose children do jobs, each a contender of its own.
final class JobHosts implements AutoCloseable {

    private static final String MISSING = "missing ";

    private static final Slice NONE = new Slice(0, 1, 0, 0, 0);

    /// A host and its children, or processes that do the work without a host.
    ///
    /// @param name a few words for the table
    /// @param way and the rest: what [JobHost] takes; `bare` for so many [BareWorker]s
    record Plan(String name, String way, String transport, int children, int jobsAtOnce) {

        boolean isBare() {
            return way.equals("bare");
        }

        /// Whether jobs go through rings: only these have bells.
        boolean hasRings() {
            return transport.equals("shm");
        }

        List<String> arguments() {
            return List.of(way, transport, String.valueOf(children), String.valueOf(jobsAtOnce));
        }
    }

    // By the plan's name.
    private final Map<String, List<ChildProcess>> running = new LinkedHashMap<>();

    private JobHosts() {}

    /// Starts them; of one that is not possible the reason is printed.
    ///
    /// @param isPinned whether hosts are tied to one processor and children to another
    static JobHosts start(Machine machine, Report report, List<Plan> plans, boolean isPinned)
            throws InterruptedException {
        JobHosts hosts = new JobHosts();
        try {
            for (Plan plan : plans) {
                if (plan.isBare()) {
                    hosts.startBare(machine, plan);
                } else {
                    hosts.start(machine, report, plan, isPinned);
                }
            }
            return hosts;
        } catch (BenchFailure failure) {
            hosts.close();
            throw failure;
        }
    }

    private void startBare(Machine machine, Plan plan) throws InterruptedException {
        List<ChildProcess> workers = new ArrayList<>();
        running.put(plan.name(), workers);
        for (int child = 0; child < plan.children(); child++) {
            workers.add(ChildProcess
                    .start(machine.measuredJvm(List.of(), BareWorker.class, List.of())).ready());
        }
    }

    private void start(Machine machine, Report report, Plan plan, boolean isPinned)
            throws InterruptedException {
        ChildProcess host = ChildProcess
                .start(machine.measuredJvm(List.of(), JobHost.class, plan.arguments()));
        String word = host.expect("");
        if (word.startsWith(MISSING)) {
            report.line("not measured: %s: %s".formatted(plan.name(),
                    word.substring(MISSING.length())));
            host.close();
            return;
        }
        running.put(plan.name(), List.of(host));
        if (!word.startsWith("ready ")) {
            throw new BenchFailure("a host of jobs said something else: line=" + word);
        }
        if (isPinned) { // now: children would have inherited it
            machine.pin(Role.LEAD, host.process().pid());
            for (String child : word.substring("ready ".length()).split(" ", -1)) {
                machine.pin(Role.FOLLOW, Long.parseLong(child));
            }
        }
    }

    /// Whether that plan's host runs.
    boolean has(Plan plan) {
        return running.containsKey(plan.name());
    }

    /// Those of the plans that run, as contenders that obey a word of [JobHost]'s.
    List<Contender> all(String word, List<Plan> plans) {
        List<Contender> contenders = new ArrayList<>();
        plans.forEach(plan -> {
            List<ChildProcess> processes = running.get(plan.name());
            if (processes != null) {
                contenders.add(new Doing(plan.name(), processes, word));
            }
        });
        return contenders;
    }

    @Override
    public void close() {
        running.values().parallelStream().flatMap(List::stream).forEach(ChildProcess::close);
    }

    /// A contender whose processes do jobs at the same time.
    private record Doing(String name, List<ChildProcess> processes, String word)
            implements
            Contender {

        @Override
        public Sample slice(Shape shape, long millis) throws InterruptedException {
            processes.forEach(process -> process.write(word + " " + millis));
            Slice together = null;
            Usage usage = Usage.NONE;
            for (ChildProcess process : processes) {
                Slice slice = Slice.parse(process.expect(""));
                together = together == null ? slice : together.beside(slice);
                usage = usage.plus(Usage.parse(process.expect("")));
            }
            return new Sample(together == null ? NONE : together, NONE, usage);
        }

        @Override
        public void close() {
            processes.forEach(ChildProcess::close);
        }
    }
}
