package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.JobHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JVMs whose children do jobs, each a contender of its own.
final class JobHosts implements AutoCloseable {

    private static final String MISSING = "missing ";

    /// A host and its children.
    ///
    /// @param name a few words for the table
    /// @param way and the rest: what [JobHost] takes
    record Plan(String name, String way, String transport, int children, int jobsAtOnce) {

        List<String> arguments() {
            return List.of(way, transport, String.valueOf(children), String.valueOf(jobsAtOnce));
        }
    }

    private final Map<String, ChildProcess> running = new LinkedHashMap<>(); // by the plan's name

    private JobHosts() {}

    /// Starts them; of one that is not possible the reason is printed.
    ///
    /// @param isPinned whether hosts are tied to one processor and children to another
    static JobHosts start(Machine machine, Report report, List<Plan> plans, boolean isPinned)
            throws InterruptedException {
        JobHosts hosts = new JobHosts();
        try {
            for (Plan plan : plans) {
                hosts.start(machine, report, plan, isPinned);
            }
            return hosts;
        } catch (BenchFailure failure) {
            hosts.close();
            throw failure;
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
        running.put(plan.name(), host);
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

    /// All that run, as contenders that obey a word of [JobHost]'s.
    List<Contender> all(String word) {
        List<Contender> contenders = new ArrayList<>();
        running.forEach((name, host) -> contenders.add(new OneJvm(host, name, word)));
        return contenders;
    }

    @Override
    public void close() {
        running.values().parallelStream().forEach(ChildProcess::close);
    }
}
