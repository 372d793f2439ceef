package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.benchmarks.worker.SetJobs.Giving;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.transport.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The main class of a process whose children do jobs.
///
/// ```text
///   > ready PID PID …                      (of the children), or: missing REASON
///   < call MILLIS                          one job after the other, each next to no work
///   > slice messages=… nanos=… …
///   > usage jobs=… nanos=… …               (of this process and the children, for the same jobs)
///   < add MILLIS                           many at once, each next to no work
///   > slice …, usage …
///   < work MILLIS                          many at once, each of some 75 microseconds
///   > slice …, usage …
/// ```
public final class JobHost {

    // Several are there at once.
    private static final List<String> CHILD_HEAP =
            List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");

    private final Jobs jobs;
    private final Loops adding;
    private final Loops working;
    private final List<Long> processes; // this one and the children

    private JobHost(Jobs jobs) {
        this.jobs = jobs;
        this.adding = new Loops(JobLink.adding(jobs));
        this.working = new Loops(JobLink.working(jobs));
        this.processes = Stream.concat(Stream.of(ProcessHandle.current().pid()),
                jobs.pids().stream()).toList();
    }

    /// Starts the children, then obeys.
    ///
    /// @param arguments the way to the children (`set`, `keys`, `priorities`, `context`, `map`,
    ///        `ahead`, `link`, `socket` or `json`), the transport's name, how many children there
    ///        are, and how many jobs each gets at once, or ahead
    public static void main(String[] arguments) throws Exception {
        try (Jobs jobs = start(arguments[0], transport(arguments[1]),
                Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]))) {
            System.out.println("ready " + jobs.pids().stream().map(String::valueOf)
                    .collect(Collectors.joining(" ")));
            new JobHost(jobs).obey();
        } catch (UnsupportedOperationException missing) {
            System.out.println("missing " + missing.getMessage());
        }
    }

    private static Transport transport(String name) {
        return name.equals("unix") ? Transport.unix() : Transport.shm();
    }

    private static Jobs start(String way, Transport transport, int count, int jobs)
            throws IOException, InterruptedException {
        return switch (way) {
            case "set" -> set(transport, count, jobs, 0, Giving.EACH);
            case "keys" -> set(transport, count, jobs, 0, Giving.WITH_KEYS);
            case "priorities" -> set(transport, count, jobs, 0, Giving.WITH_PRIORITIES);
            case "context" -> set(transport, count, jobs, 0, Giving.WITH_CONTEXT);
            case "ahead" -> set(transport, count, 1, jobs, Giving.EACH);
            case "map" -> set(transport, count, jobs, 0, Giving.STREAM);
            case "link" -> new LinkJobs(child(LinkedWorker.class, transport));
            case "socket" -> new SocketJobs(CHILD_HEAP);
            case "json" -> new JsonJobs(CHILD_HEAP, count);
            default -> throw new IllegalArgumentException("no such way: " + way);
        };
    }

    private static SetJobs set(Transport transport, int count, int jobsAtOnce, int prefetch,
            Giving giving) throws InterruptedException {
        return new SetJobs(child(JobWorker.class, transport), count, jobsAtOnce, prefetch, giving);
    }

    private static ChildJvm child(Class<?> main, Transport transport) {
        return ChildJvm.of(main).transport(transport).noClassArchive()
                .jvmOptions(CHILD_HEAP.toArray(String[]::new));
    }

    private void obey() throws Exception {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
            switch (words[0]) {
                case "call" -> measure(adding, () -> adding.leadRoundTrips(nanos));
                case "add" -> measure(adding, () -> adding.leadStream(nanos));
                case "work" -> measure(working, () -> working.leadStream(nanos));
                default -> throw new IllegalArgumentException("no such command: " + line);
            }
        }
    }

    private void measure(Loops loops, Callable<Slice> slice) throws Exception {
        long bells = jobs.bells();
        Meter meter = Meter.start(processes);
        Slice measured = slice.call();
        Usage usage = meter.stop(loops.count(), 0);
        System.out.println(measured.line());
        System.out.println(usage.plus(new Usage(0, 0, 0, jobs.bells() - bells)).line());
    }
}
